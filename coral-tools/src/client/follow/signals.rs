//! When to look at a session again.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::time::{sleep, timeout};

use super::super::error::{ClientError, Stage};
use super::super::events::{Events, Update};
use super::super::session::Session;
use crate::session::state::SessionEvent;

/// Where there are events, time passes between two looks only in case one of them was dropped.
const RARELY: u32 = 5;

/// The server's events, where it has them, and the time.
#[derive(Debug)]
pub(super) struct Signals {
    events: Option<Events<SessionEvent>>,
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
        Self { events: Some(session.events()), every: session.coral().interval() }
    }

    /// The first is always [`Signal::Look`], and comes when events are listened to: so that nothing falls in between.
    pub(super) async fn next(&mut self) -> Signal {
        let Some(events) = &mut self.events else {
            sleep(self.every).await;
            return Signal::Look;
        };
        match timeout(self.every.saturating_mul(RARELY), events.next()).await {
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
            Some(Ok(Update::Event(event))) => return Signal::Event(Box::new(event)),
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::debug!(%error, "looking at the session instead of waiting for its events");
                if !error.is_retryable() && error.stage() != Stage::Unreadable {
                    // No server before 1.1, and no guide, knows of events.
                    self.events = None;
                }
            }
            None => self.events = None,
        }
        Signal::Look
    }
}
