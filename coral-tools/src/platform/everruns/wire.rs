//! A session as the one loop reads and answers it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::turn::RunError;
use super::super::wire::{Answer, Told, Wire};
use super::event::{Event, Page};
use super::log::Log;
use super::session::Session;
use super::state::Status;
use super::{message, reading, results};
use crate::api::{ClientError, Fed, Feed, Patience, Sse, Transport};
use crate::call::Origin;
use crate::session::state::from_json;

const DID_NOT_WAIT: &str = "it went on without their answers. Create the session with the tools (or the hint \
                            `setup_connection: true`), and let nobody else answer a part of its calls";
const DOES_NOT_WAIT: &str = "it asked for calls and did not get to waiting for them in time. Create the session with the \
                             tools (or the hint `setup_connection: true`), or give the server longer with `pause_within`";

/// One session of Everruns, as a [`Run`](crate::platform::Run) reads and answers it.
pub struct SessionWire {
    pub(super) session: Session,
    pub(super) log: Log,
    feed: Feed,
    patience: Patience,
    /// The server does not stream.
    is_polling: bool,
    /// All that was told of a turn has been read once more after its end.
    is_sure_of_end: bool,
}

impl std::fmt::Debug for SessionWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionWire").field("session", &self.session.id()).finish_non_exhaustive()
    }
}

impl SessionWire {
    pub(super) fn new(session: Session) -> Self {
        let everruns = session.everruns();
        // What is the matter with a stream is decided here, so the feed itself bears nothing.
        let feed = Feed::new(everruns.times().silence, Patience::of(Duration::ZERO));
        let patience = everruns.patient();
        Self { session, log: Log::default(), feed, patience, is_polling: false, is_sure_of_end: false }
    }

    pub(super) fn transport(&self) -> &Transport {
        self.session.everruns().transport()
    }

    /// Reads what has been told since it was last certain that nothing is missing.
    pub(super) async fn catch_up(&mut self) -> Result<(), ClientError> {
        let call = reading::since(&self.session, self.log.sure());
        let page: Page = self.transport().send(&call).await?.read()?;
        page.0.into_iter().for_each(|event| self.log.take(event));
        Ok(())
    }

    /// Does what brings something new to tell.
    async fn go_on(&mut self) -> Result<(), RunError> {
        if self.log.take_budget() && self.session.state().await?.status == Status::Paused {
            return Err(paused());
        }
        if self.log.ended().is_some() {
            self.catch_up().await?;
            self.is_sure_of_end = true;
        } else if self.log.open().is_empty() {
            self.listen().await?;
        } else {
            self.pause().await?;
        }
        Ok(())
    }

    /// Waits until the session waits, so that every call of the batch is known and its answers are welcome.
    async fn pause(&mut self) -> Result<(), RunError> {
        let (limit, since) = (self.session.everruns().times().pause, Instant::now());
        for wait in pauses() {
            let status = self.session.state().await?.status;
            self.catch_up().await?;
            if self.log.open().is_empty() {
                return Ok(());
            }
            match status {
                Status::WaitingForToolResults => {
                    self.log.wait();
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
        while !self.is_polling {
            let (session, log) = (&self.session, &self.log);
            match self.feed.next(session.everruns().transport(), || reading::streaming(session, log.cursor())).await {
                Ok(Fed::Connected) => (),
                Ok(Fed::Event(event)) => return self.fed(event).await,
                Err(error) if reading::refuses_streams(&error) => {
                    tracing::info!(%error, "the server does not stream events; asking for them instead");
                    self.is_polling = true;
                }
                Err(error) => return Err(error),
            }
        }
        sleep(self.session.everruns().times().look_every).await;
        self.catch_up().await
    }

    async fn fed(&mut self, event: Sse) -> Result<(), ClientError> {
        match event.event.as_deref() {
            // A stream may begin later than it was asked to.
            Some("connected") => self.catch_up().await,
            Some("disconnecting") => {
                self.feed.leave();
                sleep(reading::retry(event.data.as_deref())).await;
                Ok(())
            }
            _ => match from_json::<Event>(event.data.unwrap_or_default().as_bytes()) {
                Ok(event) => {
                    self.log.take(event);
                    Ok(())
                }
                Err(error) => {
                    tracing::warn!(%error, "an event could not be read");
                    self.catch_up().await
                }
            },
        }
    }
}

impl Wire for SessionWire {
    const ORIGIN: Origin = Origin::Everruns;
    const TAKES_PARTS: bool = false;
    const PATIENCE: Duration = Duration::from_secs(240);
    /// The server takes 2 MB.
    const LARGEST_BATCH: usize = 1_500_000;
    const INJECTED: &'static [&'static str] = &["human_intent"];

    fn session_id(&self) -> &str {
        self.session.id()
    }

    async fn recover(&mut self) -> Result<Vec<Told>, RunError> {
        let status = self.session.state().await?.status;
        // After the status, whose turn they must know.
        let page: Page = self.transport().send(&reading::past(&self.session)).await?.read()?;
        self.log.take_past(page.0);
        if status == Status::Paused {
            self.log.doubt_budget();
        }
        let runs = match status {
            Status::Started | Status::Idle => false,
            Status::Active | Status::WaitingForToolResults | Status::Paused => self.log.runs() != Some(false),
            Status::Other(_) => self.log.runs() == Some(true),
        };
        Ok(self.log.recovered(runs))
    }

    async fn send(&mut self, message: &str) -> Result<(), RunError> {
        self.log.begin();
        message::send(self, message).await
    }

    async fn next(&mut self) -> Result<Told, RunError> {
        loop {
            if let Some(told) = self.log.next() {
                return Ok(told);
            }
            if self.log.went_on() {
                return Err(RunError::NotWaiting(DID_NOT_WAIT));
            }
            if self.log.ended().is_some()
                && self.is_sure_of_end
                && let Some(ended) = self.log.take_ended()
            {
                return Ok(Told::Ended(ended));
            }
            match self.go_on().await {
                Ok(()) => self.patience.relieve(),
                Err(RunError::Client(error)) => {
                    self.feed.leave();
                    self.patience.bear(error)?;
                    sleep(self.session.everruns().times().look_every).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn submit(&mut self, answers: &[Answer]) -> Result<Vec<String>, RunError> {
        results::submit(self, answers).await
    }
}

fn paused() -> RunError {
    let message = "the session is paused, since a budget is spent; raise it, then resume".to_owned();
    RunError::Failed { code: Some("paused".to_owned()), message }
}

/// Growing, from a tenth of a second to three.
pub(super) fn pauses() -> impl Iterator<Item = Duration> {
    (0..).map(|time: u32| Duration::from_millis(100 << time.min(5)))
}
