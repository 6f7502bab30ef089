//! When to look at a session again.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::time::{sleep, timeout};

use super::super::events::{Events, Update};
use super::super::session::Session;
use crate::api::ClientError;
use crate::session::state::{SessionEvent, SessionEventKind};

/// Where there are events, time passes between two looks only in case one of them was dropped.
const RARELY: u32 = 5;

/// The server's events, where it has them, and the time.
#[derive(Debug)]
pub(super) struct Signals {
    events: Option<Events<SessionEvent>>,
    is_listening: bool,
    /// Agents have stopped, so that the session may end, which no event tells.
    is_ending: bool,
    every: Duration,
}

pub(super) enum Signal {
    /// This has happened.
    Event(Box<SessionEvent>),
    /// Anything may have happened.
    Look,
}

impl Signals {
    pub(super) fn of(session: &Session) -> Self {
        Self {
            events: Some(session.events()),
            is_listening: false,
            is_ending: false,
            every: session.coral().interval(),
        }
    }

    /// A [`Signal::Look`] comes as soon as events are listened to, so that nothing falls in between; also before, if that
    /// takes long.
    pub(super) async fn next(&mut self) -> Signal {
        let Some(events) = &mut self.events else {
            sleep(self.every).await;
            return Signal::Look;
        };
        let rarely = if self.is_listening && !self.is_ending { RARELY } else { 1 };
        match timeout(self.every.saturating_mul(rarely), events.next()).await {
            Ok(update) => self.signal(update),
            Err(_) => Signal::Look,
        }
    }

    /// The next signal, if there is one already.
    pub(super) fn ready(&mut self) -> Option<Signal> {
        let update = self.events.as_mut()?.next().now_or_never()?;
        Some(self.signal(update))
    }

    fn signal(&mut self, update: Option<Result<Update<SessionEvent>, ClientError>>) -> Signal {
        match update {
            Some(Ok(update)) => {
                self.is_listening = true;
                if let Update::Event(event) = update {
                    self.is_ending |= matches!(event.kind, SessionEventKind::RuntimeStopped { .. });
                    return Signal::Event(Box::new(event));
                }
            }
            // No server before 1.1, and no guide, knows of events; and those of a session that has ended are over.
            Some(Err(error)) => {
                tracing::debug!(%error, "looking at the session instead of waiting for its events");
                self.events = None;
            }
            None => self.events = None,
        }
        Signal::Look
    }
}
