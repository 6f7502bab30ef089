//! A session as the one loop reads and answers it.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use super::client::Times;
use super::event::Event;
use super::reader::Reader;
use super::session::Session;
use super::session_state::Status;
use super::stream_fallback::Polling;
use super::waits::pauses;
use super::{event_requests, send_message, submit};
use crate::api::{ClientError, Fed, Feed, Patience, Sse};
use crate::call::Origin;
use crate::json::from_json;
use crate::platform::adapter::{BatchPolicy, Platform};
use crate::platform::event::{SubmitReport, ToolResult, TurnEvent};
use crate::platform::run::Run;
use crate::platform::turn::RunError;
use crate::toolset::Toolset;

const DID_NOT_WAIT: &str = "it went on without their answers. Create the session with the tools (or the hint \
                            `setup_connection: true`), and let nobody else answer a part of its calls";
const DOES_NOT_WAIT: &str = "it asked for calls and did not get to waiting for them in time. Create the session with the \
                             tools (or the hint `setup_connection: true`), or give the server longer with `pause_within`";

/// One session of Everruns, as a [`Run`](crate::platform::Run) reads and answers it.
pub(super) struct SessionWire {
    reader: Reader,
    feed: Feed,
    patience: Patience,
    polling: Polling,
    /// All that was told of a turn has been read once more after its end.
    is_sure_of_end: bool,
}

impl Session {
    /// One turn, with `tools` at its service: end it with [`message`](Run::message), or go on with one that runs by
    /// [`resume`](Run::resume), which also tells what the last one said where none runs.
    pub fn run<'r, S: Sync>(&self, tools: &'r Toolset<S>, state: &'r S) -> Run<'r, S> {
        Run::new(SessionWire::new(self.clone()), tools, state, self.everruns().cache().clone())
    }
}

impl std::fmt::Debug for SessionWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionWire").field("session", &self.session_id()).finish_non_exhaustive()
    }
}

impl SessionWire {
    pub(super) fn new(session: Session) -> Self {
        let everruns = session.everruns();
        let silence = everruns.times().silence;
        // What is the matter with a stream is decided here, so the feed itself bears nothing.
        let feed = Feed::new(silence, Patience::of(Duration::ZERO));
        let patience = everruns.patient();
        let polling = Polling::new(silence);
        Self { reader: Reader::new(session), feed, patience, polling, is_sure_of_end: false }
    }

    fn times(&self) -> Times {
        self.reader.session.everruns().times()
    }

    /// Does what brings something new to tell.
    async fn go_on(&mut self) -> Result<(), RunError> {
        if self.reader.log.doubts_budget() {
            let is_paused = self.reader.state().await?.status == Status::Paused;
            self.reader.log.doubt_budget(false);
            if is_paused {
                return Err(paused());
            }
        }
        if self.reader.log.ended().is_some() {
            self.reader.catch_up().await?;
            self.is_sure_of_end = self.reader.log.ended().is_some();
        } else if self.reader.log.open().is_empty() {
            self.listen().await?;
        } else {
            self.pause().await?;
        }
        Ok(())
    }

    /// Waits until the session waits, so that every call of the batch is known and its answers are welcome.
    async fn pause(&mut self) -> Result<(), RunError> {
        let (limit, since) = (self.times().pause, Instant::now());
        for wait in pauses() {
            let status = self.reader.state().await?.status;
            self.reader.catch_up().await?;
            if self.reader.log.open().is_empty() {
                return Ok(());
            }
            match status {
                Status::WaitingForToolResults => {
                    self.reader.log.wait();
                    return Ok(());
                }
                Status::Paused => return Err(paused()),
                _ if since.elapsed() >= limit => break,
                _ => sleep(wait.min(limit)).await,
            }
        }
        Err(RunError::NotWaiting(DOES_NOT_WAIT))
    }

    /// Reads on, by the stream or without.
    async fn listen(&mut self) -> Result<(), ClientError> {
        if self.polling.is_on() {
            sleep(self.times().look_every).await;
            return self.reader.catch_up().await;
        }
        let Reader { session, log, .. } = &self.reader;
        let cursor = log.last();
        let streaming = || event_requests::streaming(session, cursor.as_ref().map(|(_, id)| id.as_str()));
        match self.feed.next(session.everruns().transport(), streaming).await {
            Ok(Fed::Event(event)) => {
                self.polling.heard();
                self.fed(event).await
            }
            // A stream may begin later than it was asked to, and say nothing.
            Ok(Fed::Connected) => {
                if !self.polling.connected() {
                    tracing::info!("streams of events tell nothing; asking for them instead for a while");
                    self.feed.leave();
                }
                self.reader.catch_up().await
            }
            Err(error) if event_requests::refuses_streams(&error) => {
                tracing::info!(%error, "the server does not stream events; asking for them instead for a while");
                self.polling.begin();
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn fed(&mut self, event: Sse) -> Result<(), ClientError> {
        match event.event.as_deref() {
            Some("connected") => Ok(()),
            Some("disconnecting") => {
                self.feed.leave();
                sleep(event_requests::retry(event.data.as_deref())).await;
                Ok(())
            }
            _ => match from_json::<Event>(event.data.unwrap_or_default().as_bytes()) {
                Ok(event) => {
                    self.reader.log.take(event);
                    Ok(())
                }
                Err(error) => {
                    tracing::warn!(%error, "an event could not be read");
                    self.reader.catch_up().await
                }
            },
        }
    }
}

impl Platform for SessionWire {
    fn policy(&self) -> BatchPolicy {
        BatchPolicy {
            origin: Origin::Everruns,
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
        Box::pin(async move { self.reader.recover().await })
    }

    fn prepare(&mut self) -> BoxFuture<'_, Result<(), RunError>> {
        Box::pin(async move { Ok(self.reader.prepare().await?) })
    }

    fn send<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Result<(), RunError>> {
        Box::pin(async move { send_message::send(&mut self.reader, message).await })
    }

    fn next_event(&mut self) -> BoxFuture<'_, Result<TurnEvent, RunError>> {
        Box::pin(async move {
            loop {
                if let Some(told) = self.reader.log.next() {
                    return Ok(told);
                }
                let ended = self.reader.log.ended().filter(|_| self.is_sure_of_end);
                if (ended.is_some() || self.reader.log.ended().is_none()) && self.reader.log.went_on() {
                    return Err(RunError::NotWaiting(DID_NOT_WAIT));
                }
                if let Some(ended) = ended {
                    return Ok(TurnEvent::Ended(ended));
                }
                match self.go_on().await {
                    Ok(()) => self.patience.relieve(),
                    Err(RunError::Client(error)) => {
                        self.feed.leave();
                        let look_every = self.times().look_every;
                        let pause = self.patience.pause_after(&error, look_every)?;
                        self.patience.bear(error)?;
                        sleep(pause).await;
                    }
                    Err(error) => return Err(error),
                }
            }
        })
    }

    fn submit<'a>(&'a mut self, answers: &'a [ToolResult]) -> BoxFuture<'a, Result<SubmitReport, RunError>> {
        Box::pin(async move {
            let late = submit::submit(&mut self.reader, answers).await?;
            Ok(SubmitReport { late, replaced: Vec::new() })
        })
    }
}

fn paused() -> RunError {
    let message = "the session is paused, since a budget is spent; raise it, then resume".to_owned();
    RunError::Failed { code: Some("paused".to_owned()), message }
}
