//! What has been told of a session so far: each event once, the calls that are open, whether our turn runs.

mod batch_status;
mod call_history;
mod cursor;
mod past;
mod turn_history;

use std::collections::{HashMap, VecDeque};

pub(super) use self::batch_status::Fate;
use self::call_history::{CallLog, Done};
use self::cursor::Seen;
use self::turn_history::{Mark, TurnLog};
use super::event::{Event, Heard};
use super::user_message::{Input, Sent};
use crate::platform::event::{ToolCall, TurnEvent, TurnOutcome};

/// What the events of a session say, whatever order they come in, and however often.
#[derive(Debug, Default)]
pub(super) struct Log {
    seen: Seen,
    /// The last event that the platform keeps, from which a new connection goes on.
    last: Option<Place>,
    /// The event up to which nothing can be missing.
    sure: Option<Place>,
    /// What is told up to here is of earlier turns.
    from: u64,
    turns: TurnLog,
    calls: HashMap<String, CallLog>,
    /// What users have said since [`begin`](Self::begin).
    inputs: Vec<(u64, Input)>,
    /// What we are saying.
    sent: Option<Sent>,
    told: VecDeque<(u64, TurnEvent)>,
    /// Something was said of a budget.
    budget: bool,
    /// What is told now is what was told before; of that, the last turn matters.
    is_past: bool,
}

/// An event, by its sequence and its id.
type Place = (u64, String);

impl Log {
    /// Takes what an event says, if it is new. Those that the platform does not keep have no place, and say nothing that is
    /// not said by others.
    pub(super) fn take(&mut self, event: Event) {
        let Some(at) = event.sequence.filter(|at| self.seen.is_new(*at)) else { return };
        if self.last.as_ref().is_none_or(|(last, _)| *last < at) {
            self.last = Some((at, event.id));
        }
        self.hear(event.heard, at);
    }

    fn hear(&mut self, heard: Heard, at: u64) {
        match heard {
            Heard::Activated => {
                if self.is_past && self.turns.runs() == Some(false) {
                    self.forget(at);
                }
                self.turns.mark(at, Mark::Active);
            }
            Heard::TurnBegan { turn } => {
                if self.is_past {
                    self.forget(at);
                }
                self.turns.mark(at, Mark::Began(turn));
            }
            Heard::Input(input) => self.inputs.push((at, input)),
            Heard::Requested(calls) => {
                for (index, call) in calls.into_iter().enumerate() {
                    self.calls.entry(call.id.clone()).or_default().ask(call, at, index);
                }
            }
            Heard::Completed { call, lost, text } => {
                self.calls.entry(call).or_default().complete(Done { at, lost, text });
            }
            Heard::Repaired(call) => self.calls.entry(call).or_default().repair(at),
            Heard::Said(text) if text.trim().is_empty() => (),
            Heard::Said(text) => self.told.push_back((at, TurnEvent::Message(text))),
            Heard::Ended { turn, ended } => self.turns.mark(at, Mark::Ended { turn, ended }),
            Heard::Idled { turn } => self.turns.mark(at, Mark::Idled(turn)),
            Heard::Budget => self.budget = true,
            Heard::Nothing => (),
        }
    }

    /// What is to be told next.
    pub(super) fn next(&mut self) -> Option<TurnEvent> {
        let (from, _) = self.ours();
        while let Some((at, told)) = self.told.pop_front() {
            if at > from {
                return Some(told);
            }
        }
        None
    }

    /// How our turn ended, if it is over as far as events say.
    pub(super) fn ended(&self) -> Option<TurnOutcome> {
        self.end().map(|(_, ended)| ended)
    }

    fn end(&self) -> Option<(u64, TurnOutcome)> {
        let (from, is_certain) = self.ours();
        self.turns.end(from, is_certain)
    }

    /// The place after which our turn is told, and whether that is certain.
    fn ours(&self) -> (u64, bool) {
        let Some(sent) = &self.sent else { return (self.from, true) };
        let input = self.inputs.iter().filter(|(_, input)| sent.is(input)).map(|(at, _)| *at).min();
        (input.unwrap_or(self.from), input.is_some())
    }

    /// Whether the platform has gone on without answers that it asked for.
    pub(super) fn went_on(&self) -> bool {
        let end = self.end().filter(|(_, ended)| *ended == TurnOutcome::Done).map(|(at, _)| at);
        let is_left = |call: &CallLog| call.open().is_some() && call.asked() < end;
        self.calls.values().any(|call| call.is_passed_over() || is_left(call))
    }

    /// Whether something was said of a budget that nobody has looked into.
    pub(super) fn doubts_budget(&self) -> bool {
        self.budget
    }

    /// Whether the session is paused is to be found out, or has been.
    pub(super) fn doubt_budget(&mut self, budget: bool) {
        self.budget = budget;
    }

    /// Whether a turn runs, as far as events say.
    pub(super) fn runs(&self) -> Option<bool> {
        self.turns.runs()
    }

    /// The calls that wait for an answer, in the order in which they were asked.
    pub(super) fn open(&self) -> Vec<ToolCall> {
        let mut open: Vec<_> = self.calls.values().filter(|call| self.is_open(call)).collect();
        open.sort_by_key(|call| (call.asked(), call.index));
        open.into_iter().filter_map(CallLog::open).collect()
    }

    fn is_open(&self, call: &CallLog) -> bool {
        call.open().is_some() && self.done(call).is_none()
    }

    /// What has become of a call; the end of the turn is the end of its calls.
    fn done(&self, call: &CallLog) -> Option<Done> {
        let end = self.end().filter(|(at, _)| Some(*at) > call.asked());
        call.done().or(end.map(|(at, _)| Done { at, lost: true, text: None }))
    }

    /// The session waits for these calls, so all that came before has been told.
    pub(super) fn wait(&mut self) {
        self.is_sure_to(self.last());
        self.told.push_back((u64::MAX, TurnEvent::ToolCalls(self.open())));
    }
}
