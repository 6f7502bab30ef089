//! Which events were received, and from where to read on.

use std::collections::BTreeSet;

use crate::platform::everruns::event::SessionEvent;

/// The largest number of remembered sequence numbers.
const MAX_REMEMBERED: usize = 8192;

/// A position in the session's events.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::platform::everruns) struct EventCursor {
    pub(in crate::platform::everruns) sequence: u64,
    pub(in crate::platform::everruns) event_id: String,
}

impl EventCursor {
    /// The position of an event; `None` if the platform does not store the event.
    fn of_event(event: &SessionEvent) -> Option<Self> {
        Some(Self { sequence: event.sequence?, event_id: event.id.clone() })
    }
}

/// The events that were received: deduplicates them and keeps the cursors.
#[derive(Debug, Default)]
pub(super) struct ReceivedEvents {
    /// All events before this sequence number were received.
    complete_before: u64,
    /// Sequence numbers that were received from there on.
    sequences: BTreeSet<u64>,
    /// The last event, after which a new connection starts.
    last: Option<EventCursor>,
    /// The event up to which no event is missing.
    confirmed: Option<EventCursor>,
}

impl ReceivedEvents {
    /// Adds an event. Returns its sequence number if the event is new.
    ///
    /// Events that the platform does not store have no sequence number. They only repeat or preview other events.
    pub(super) fn add(&mut self, event: &SessionEvent) -> Option<u64> {
        let cursor = EventCursor::of_event(event)?;
        let sequence = cursor.sequence;
        let is_new = sequence >= self.complete_before && self.sequences.insert(sequence);
        if self.sequences.len() > MAX_REMEMBERED {
            self.sequences.pop_first();
        }
        if is_new && self.last.as_ref().is_none_or(|last| last.sequence < sequence) {
            self.last = Some(cursor);
        }
        is_new.then_some(sequence)
    }

    /// Skips these events and all before them.
    pub(super) fn skip(&mut self, events: &[SessionEvent]) {
        self.last = events.iter().filter_map(EventCursor::of_event).max_by_key(|cursor| cursor.sequence);
        self.confirm(self.last.clone());
    }

    /// Records that no event up to here is missing.
    pub(super) fn confirm(&mut self, cursor: Option<EventCursor>) {
        if let Some(cursor) = cursor {
            self.complete_before = self.complete_before.max(cursor.sequence.saturating_add(1));
            self.sequences = self.sequences.split_off(&self.complete_before);
            self.confirmed = Some(cursor);
        }
    }

    pub(super) fn last(&self) -> Option<&EventCursor> {
        self.last.as_ref()
    }

    pub(super) fn confirmed(&self) -> Option<&EventCursor> {
        self.confirmed.as_ref()
    }
}
