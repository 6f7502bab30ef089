//! Connects a session on Everruns to the loop.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use crate::api::OutageTolerance;
use crate::call::CallOrigin;
use crate::platform::adapter::{BatchRules, Platform};
use crate::platform::event::{SubmitReport, ToolResult, TurnEvent, TurnOutcome};
use crate::platform::everruns::listener::EventListener;
use crate::platform::everruns::reader::SessionReader;
use crate::platform::everruns::send_message::send_message;
use crate::platform::everruns::session::Session;
use crate::platform::everruns::session_info::SessionStatus;
use crate::platform::everruns::submit::submit_results;
use crate::platform::run::Run;
use crate::platform::turn::RunError;
use crate::toolset::Toolset;

const CONTINUED: &str = "it continued without their results. Create the session with the tools (or the hint \
                         `setup_connection: true`), and do not let another client submit results for a part of its calls";
const NEVER_WAITED: &str = "it requested calls and did not start to wait for them in time. Create the session with the \
                            tools (or the hint `setup_connection: true`), or raise `pause_timeout`";

impl Session {
    /// One turn of the agent, served with `tools`. Start it with [`message`](Run::message), or serve a turn that runs already
    /// with [`resume`](Run::resume).
    pub fn run<'r, S: Sync>(&self, tools: &'r Toolset<S>, state: &'r S) -> Run<'r, S> {
        Run::new(EverrunsAdapter::new(self.clone()), tools, state, self.everruns().result_cache.clone())
    }
}

/// A session on Everruns, as the loop uses it.
pub(super) struct EverrunsAdapter {
    reader: SessionReader,
    listener: EventListener,
    outage: OutageTolerance,
    /// How the turn ended. Set once the events were read again after its end, so that none is missing.
    confirmed_outcome: Option<TurnOutcome>,
}

/// The state of the turn, which decides what to wait for.
enum TurnPhase {
    /// No call waits for a result.
    Running,
    /// Calls were requested. The session may not wait for their results yet.
    CallsOpen,
    /// The turn ended according to the events so far, of which some may be missing.
    Ending,
    /// The turn ended, and no event is missing.
    Ended(TurnOutcome),
}

impl EverrunsAdapter {
    pub(super) fn new(session: Session) -> Self {
        let reader = SessionReader::new(session);
        let listener = EventListener::new(reader.settings().idle_timeout);
        let outage = reader.outage_tolerance();
        Self { reader, listener, outage, confirmed_outcome: None }
    }

    fn phase(&self) -> TurnPhase {
        if let Some(outcome) = &self.confirmed_outcome {
            TurnPhase::Ended(outcome.clone())
        } else if self.reader.history.outcome().is_some() {
            TurnPhase::Ending
        } else if self.reader.history.open_calls().is_empty() {
            TurnPhase::Running
        } else {
            TurnPhase::CallsOpen
        }
    }

    async fn next_turn_event(&mut self) -> Result<TurnEvent, RunError> {
        loop {
            if let Some(event) = self.reader.history.next_event() {
                return Ok(event);
            }
            let phase = self.phase();
            // An end that is not confirmed yet may belong to an earlier turn.
            if !matches!(phase, TurnPhase::Ending) && self.reader.history.continued_without_results() {
                return Err(RunError::NotWaiting(CONTINUED));
            }
            let advanced = match phase {
                TurnPhase::Ended(outcome) => return Ok(TurnEvent::Ended(outcome)),
                TurnPhase::Ending => self.confirm_end().await,
                TurnPhase::CallsOpen => self.wait_until_paused().await,
                TurnPhase::Running => self.listen().await,
            };
            match advanced {
                Ok(()) => self.outage.reset(),
                Err(RunError::Client(error)) => {
                    self.listener.disconnect();
                    let delay = self.outage.delay_after(&error, self.reader.settings().poll_interval)?;
                    self.outage.record(error)?;
                    sleep(delay).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the events once more, since some before the end may be missing.
    async fn confirm_end(&mut self) -> Result<(), RunError> {
        self.check_budget().await?;
        self.reader.catch_up().await?;
        self.confirmed_outcome = self.reader.history.outcome();
        Ok(())
    }

    async fn listen(&mut self) -> Result<(), RunError> {
        self.check_budget().await?;
        Ok(self.listener.listen(&mut self.reader).await?)
    }

    /// Waits until the session waits for results: then all calls of the batch are known, and it accepts results.
    async fn wait_until_paused(&mut self) -> Result<(), RunError> {
        self.check_budget().await?;
        let (timeout, start) = (self.reader.session.everruns().pause_timeout, Instant::now());
        let mut backoff = self.reader.backoff();
        loop {
            let status = self.reader.state().await?.status;
            self.reader.catch_up().await?;
            if self.reader.history.open_calls().is_empty() {
                return Ok(());
            }
            match status {
                SessionStatus::WaitingForToolResults => {
                    self.reader.history.queue_open_calls();
                    return Ok(());
                }
                SessionStatus::Paused => return Err(budget_used_up()),
                _ if start.elapsed() >= timeout => return Err(RunError::NotWaiting(NEVER_WAITED)),
                _ => sleep(backoff.next_delay().min(timeout)).await,
            }
        }
    }

    /// Fails if a budget event has paused the session.
    async fn check_budget(&mut self) -> Result<(), RunError> {
        if self.reader.history.may_be_paused() {
            let is_paused = self.reader.state().await?.status == SessionStatus::Paused;
            self.reader.history.set_may_be_paused(false);
            if is_paused {
                return Err(budget_used_up());
            }
        }
        Ok(())
    }
}

impl Platform for EverrunsAdapter {
    fn policy(&self) -> BatchRules {
        BatchRules {
            origin: CallOrigin::Everruns,
            accepts_partial: false,
            timeout: Duration::from_secs(240),
            // The server accepts bodies of 2 MB.
            max_bytes: 1_500_000,
            injected_arguments: &["human_intent"],
        }
    }

    fn session_id(&self) -> &str {
        self.reader.session.id()
    }

    fn recover(&mut self) -> BoxFuture<'_, Result<Vec<TurnEvent>, RunError>> {
        Box::pin(async { Ok(self.reader.recover().await?) })
    }

    fn prepare(&mut self) -> BoxFuture<'_, Result<(), RunError>> {
        Box::pin(async { Ok(self.reader.prepare().await?) })
    }

    fn send<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Result<(), RunError>> {
        Box::pin(async { Ok(send_message(&mut self.reader, message).await?) })
    }

    fn next_event(&mut self) -> BoxFuture<'_, Result<TurnEvent, RunError>> {
        Box::pin(self.next_turn_event())
    }

    fn submit<'a>(&'a mut self, results: &'a [ToolResult]) -> BoxFuture<'a, Result<SubmitReport, RunError>> {
        Box::pin(async {
            let late = submit_results(&mut self.reader, results).await?;
            Ok(SubmitReport { late, replaced: Vec::new() })
        })
    }
}

fn budget_used_up() -> RunError {
    let message = "the session is paused because a budget is used up; raise it, then resume".to_owned();
    RunError::Failed { code: Some("paused".to_owned()), message }
}
