//! From where on it matters what is told.

use super::super::event::Event;
use super::super::user_message::Sent;
use super::call_history::CallLog;
use super::turn_history::Mark;
use super::{Log, Place};
use crate::platform::event::{TurnEvent, TurnOutcome};

impl Log {
    /// The last event that is known: where a new connection goes on.
    pub(in super::super) fn last(&self) -> Option<Place> {
        self.last.clone()
    }

    /// The id of the event from which on to look for what may have been missed.
    pub(in super::super) fn sure(&self) -> Option<&str> {
        self.sure.as_ref().map(|(_, id)| id.as_str())
    }

    /// Nothing is missing up to here.
    pub(in super::super) fn is_sure_to(&mut self, place: Option<Place>) {
        if let Some((at, id)) = place {
            self.seen.all_to(at);
            self.sure = Some((at, id));
        }
    }

    /// What has been told up to here is not even looked at.
    pub(in super::super) fn skip(&mut self, events: &[Event]) {
        let places = events.iter().filter_map(|event| Some((event.sequence?, event.id.clone())));
        self.last = places.max_by_key(|(at, _)| *at);
        self.is_sure_to(self.last());
    }

    /// Whether what is said to the agent begins a turn, and does not join one that runs.
    pub(in super::super) fn is_to_begin(&mut self, is_to_begin: bool) {
        self.turns.is_to_begin = is_to_begin;
    }

    /// Something new is about to be said to the agent: what is open is the platform's to settle.
    pub(in super::super) fn begin(&mut self, sent: Sent) {
        self.is_sure_to(self.last());
        self.forget(self.last.as_ref().map_or(0, |(at, _)| *at));
        self.sent = Some(sent);
        self.budget = false;
    }

    /// What the platform says of a message of ours: its id, and what becomes of it.
    pub(in super::super) fn delivered(&mut self, id: Option<String>, delivery: Option<&str>) {
        if let Some(sent) = &mut self.sent {
            sent.id = id;
        }
        match delivery {
            Some("started") => self.is_to_begin(true),
            Some("steered" | "resumed") => self.is_to_begin(false),
            _ => (),
        }
    }

    /// Whether our message has been told of.
    pub(in super::super) fn has_arrived(&self) -> bool {
        let Some(sent) = &self.sent else { return false };
        self.inputs.iter().any(|(_, input)| sent.is(input))
    }

    /// What has been said so far is of earlier turns.
    pub(super) fn forget(&mut self, from: u64) {
        self.from = from;
        self.turns.forget();
        self.calls.clear();
        self.inputs.clear();
        self.told.clear();
    }

    /// Takes the events of the past.
    pub(in super::super) fn take_past(&mut self, events: impl IntoIterator<Item = Event>) {
        self.is_past = true;
        events.into_iter().for_each(|event| self.take(event));
        self.is_past = false;
    }

    /// What the last turn has told, for somebody who goes on with it; what it went on without is past. `runs` is what the
    /// session's status says.
    pub(in super::super) fn recovered(&mut self, runs: bool) -> Vec<TurnEvent> {
        if !runs && self.ended().is_none() {
            self.turns.mark(u64::MAX, Mark::Ended { turn: None, ended: TurnOutcome::Done });
        }
        let is_over = self.ended().is_some();
        self.calls.values_mut().filter(|call| is_over || call.is_passed_over()).for_each(CallLog::settle);
        self.told.drain(..).map(|(_, told)| told).collect()
    }
}
