//! When to look at a session again.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::super::events::{EventStream, EventUpdate};
use super::super::session::Session;
use crate::api::ClientError;
use crate::state::{SessionEvent, SessionEventKind};

/// Where there are events, time passes between two looks only in case one of them was dropped.
const RARELY: u32 = 5;

/// The server's events, where it has them, and the time.
#[derive(Debug)]
pub(super) struct ChangeSignals {
    session: Session,
    events: EventSubscription,
    /// Agents have stopped, so that the session may end, which no event tells.
    is_ending: bool,
    /// When the last reason to look was given.
    looked: Option<Instant>,
    every: Duration,
}

#[derive(Debug)]
enum EventSubscription {
    NotYet,
    To {
        events: EventStream<SessionEvent>,
        is_connected: bool,
    },
    /// The server has none, or those of the session are over.
    NoMore,
}

pub(super) enum ChangeSignal {
    /// This has happened.
    Event(Box<SessionEvent>),
    /// Anything may have happened.
    Look,
}

impl ChangeSignals {
    pub(super) fn of(session: &Session) -> Self {
        let every = session.coral().interval();
        Self { session: session.clone(), events: EventSubscription::NotYet, is_ending: false, looked: None, every }
    }

    /// The first is a [`ChangeSignal::Look`], at once; the next comes when events are listened to, so that nothing falls in between.
    pub(super) async fn next(&mut self) -> ChangeSignal {
        let Some(looked) = self.looked else { return self.look() };
        let next_look = looked + self.every.saturating_mul(self.rarely());
        loop {
            let EventSubscription::To { events, .. } = self.listening() else {
                tokio::time::sleep_until(next_look).await;
                return self.look();
            };
            match timeout_at(next_look, events.next()).await {
                Err(_) => return self.look(),
                Ok(update) => {
                    if let Some(signal) = self.signal(update) {
                        return signal;
                    }
                }
            }
        }
    }

    /// The next signal, if there is one already.
    pub(super) fn ready(&mut self) -> Option<ChangeSignal> {
        let EventSubscription::To { events, .. } = &mut self.events else { return None };
        let update = events.next().now_or_never()?;
        self.signal(update)
    }

    fn look(&mut self) -> ChangeSignal {
        self.looked = Some(Instant::now());
        ChangeSignal::Look
    }

    fn rarely(&self) -> u32 {
        let is_told = matches!(self.events, EventSubscription::To { is_connected: true, .. });
        if is_told && !self.is_ending { RARELY } else { 1 }
    }

    /// Events are asked for when the first look has shown what the server is.
    fn listening(&mut self) -> &mut EventSubscription {
        if matches!(self.events, EventSubscription::NotYet) {
            let may = self.session.coral().generation().may_have_events();
            let events = || EventSubscription::To { events: self.session.events(), is_connected: false };
            self.events = if may { events() } else { EventSubscription::NoMore };
        }
        &mut self.events
    }

    fn signal(&mut self, update: Option<Result<EventUpdate<SessionEvent>, ClientError>>) -> Option<ChangeSignal> {
        match update {
            Some(Ok(update)) => {
                if let EventSubscription::To { is_connected, .. } = &mut self.events {
                    *is_connected = true;
                }
                let EventUpdate::Event(event) = update else { return Some(self.look()) };
                self.is_ending |= matches!(event.kind, SessionEventKind::RuntimeStopped { .. });
                Some(ChangeSignal::Event(Box::new(event)))
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "looking at the session instead of waiting for its events");
                if error.is_unknown_path() {
                    self.session.coral().generation().has_no_events();
                }
                self.events = EventSubscription::NoMore;
                None
            }
            None => {
                self.events = EventSubscription::NoMore;
                Some(self.look())
            }
        }
    }
}
