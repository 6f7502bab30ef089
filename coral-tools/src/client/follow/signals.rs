//! Signals that a session may have changed.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::super::events::{EventStream, EventStreamItem};
use super::super::session::Session;
use crate::api::ClientError;
use crate::state::{SessionEvent, SessionEventKind};

/// While events are received, polling only compensates for events that the server has dropped, so it is slower by this factor.
const SLOW_POLL_FACTOR: u32 = 5;

/// Signals that a session may have changed: the server's events, if it has them, and the time.
#[derive(Debug)]
pub(super) struct ChangeSignals {
    session: Session,
    events: EventSubscription,
    /// Whether an agent has stopped, so that the session may end. No event reports the end.
    is_ending: bool,
    /// The time of the last [`ChangeSignal::Poll`].
    last_poll: Option<Instant>,
    poll_interval: Duration,
}

#[derive(Debug)]
enum EventSubscription {
    NotStarted,
    Started {
        events: EventStream<SessionEvent>,
        is_connected: bool,
    },
    /// The server has no events, or those of the session have ended.
    Ended,
}

pub(super) enum ChangeSignal {
    /// An event was received.
    Event(Box<SessionEvent>),
    /// The state may have changed in any way, so it must be polled.
    Poll,
}

impl ChangeSignals {
    pub(super) fn new(session: &Session) -> Self {
        let poll_interval = session.coral().settings().poll_interval;
        Self {
            session: session.clone(),
            events: EventSubscription::NotStarted,
            is_ending: false,
            last_poll: None,
            poll_interval,
        }
    }

    /// Returns the next signal. The first is a [`ChangeSignal::Poll`], immediately; another follows as soon as events are
    /// connected, so that no change in between is missed.
    pub(super) async fn next(&mut self) -> ChangeSignal {
        let Some(last_poll) = self.last_poll else { return self.poll() };
        let next_poll = last_poll + self.poll_interval.saturating_mul(self.poll_factor());
        loop {
            let EventSubscription::Started { events, .. } = self.subscribe() else {
                tokio::time::sleep_until(next_poll).await;
                return self.poll();
            };
            match timeout_at(next_poll, events.next()).await {
                Err(_) => return self.poll(),
                Ok(update) => {
                    if let Some(signal) = self.signal(update) {
                        return signal;
                    }
                }
            }
        }
    }

    /// Returns the next signal if there is one already.
    pub(super) fn next_ready(&mut self) -> Option<ChangeSignal> {
        let EventSubscription::Started { events, .. } = &mut self.events else { return None };
        let update = events.next().now_or_never()?;
        self.signal(update)
    }

    fn poll(&mut self) -> ChangeSignal {
        self.last_poll = Some(Instant::now());
        ChangeSignal::Poll
    }

    fn poll_factor(&self) -> u32 {
        let is_connected = matches!(self.events, EventSubscription::Started { is_connected: true, .. });
        if is_connected && !self.is_ending { SLOW_POLL_FACTOR } else { 1 }
    }

    /// Subscribes to events, after the first poll has detected the server's version.
    fn subscribe(&mut self) -> &mut EventSubscription {
        if matches!(self.events, EventSubscription::NotStarted) {
            let can_have_events = self.session.coral().detector().can_have_events();
            let start = || EventSubscription::Started { events: self.session.events(), is_connected: false };
            self.events = if can_have_events { start() } else { EventSubscription::Ended };
        }
        &mut self.events
    }

    fn signal(&mut self, update: Option<Result<EventStreamItem<SessionEvent>, ClientError>>) -> Option<ChangeSignal> {
        match update {
            Some(Ok(update)) => {
                if let EventSubscription::Started { is_connected, .. } = &mut self.events {
                    *is_connected = true;
                }
                let EventStreamItem::Event(event) = update else { return Some(self.poll()) };
                if let SessionEventKind::AgentConnected { name } = &event.kind {
                    self.session.record_connected(name);
                }
                self.is_ending |= matches!(event.kind, SessionEventKind::RuntimeStopped { .. });
                Some(ChangeSignal::Event(Box::new(event)))
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "no events of the session; polling instead");
                if error.is_unknown_path() {
                    self.session.coral().detector().record_no_events();
                }
                self.events = EventSubscription::Ended;
                None
            }
            None => {
                self.events = EventSubscription::Ended;
                Some(self.poll())
            }
        }
    }
}
