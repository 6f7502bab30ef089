//! What has been told of a session so far: each event once, the calls that are open, whether a turn runs.

use std::collections::{HashMap, VecDeque};

use super::super::wire::{Asked, Ended, Told};
use super::call_log::{CallLog, Done};
use super::event::{Event, Heard};
use super::seen::Seen;

/// What the events of a session say, whatever order they come in, and however often.
#[derive(Debug, Default)]
pub(super) struct Log {
    seen: Seen,
    /// The last event that the platform keeps, from which a new connection goes on.
    last: Option<(u64, String)>,
    /// The event up to which nothing can be missing.
    sure: Option<String>,
    turn: Running,
    calls: HashMap<String, CallLog>,
    /// What users said since [`begin`](Self::begin).
    inputs: Vec<String>,
    told: VecDeque<Told>,
    ended: Option<Ended>,
    /// An end, and its place, before any turn is known to run.
    early: Option<(u64, Ended)>,
    /// The platform has gone on without answers that it asked for.
    went_on: bool,
    /// Something was said of a budget.
    budget: bool,
    /// What is told now is what was told before; of that, the last turn matters.
    is_past: bool,
}

/// Whether a turn runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Running {
    /// No event says.
    #[default]
    Unknown,
    No,
    Yes(Option<String>),
}

/// What has become of a batch of calls that were asked for at one time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// They wait for their answers.
    Open,
    /// Some have theirs, and the others should have any moment.
    Settling,
    /// All is over; these have not got our answers.
    Over { late: Vec<String> },
}

impl Log {
    /// Takes what an event says, if it is new.
    pub(super) fn take(&mut self, event: Event) {
        if !self.seen.is_new(&event) {
            return;
        }
        let at = event.sequence.unwrap_or_else(|| self.last.as_ref().map_or(0, |(last, _)| *last));
        if let Some(sequence) = event.sequence
            && self.last.as_ref().is_none_or(|(last, _)| *last < sequence)
        {
            self.last = Some((sequence, event.id));
        }
        self.hear(event.heard, at);
    }

    fn hear(&mut self, heard: Heard, at: u64) {
        match heard {
            Heard::TurnBegan { turn } => {
                if self.is_past {
                    self.begin();
                }
                self.turn = Running::Yes(turn);
                if let Some((after, ended)) = self.early.take()
                    && at < after
                {
                    self.end(ended, after);
                }
            }
            Heard::Input(text) => self.inputs.push(text),
            Heard::Requested(calls) => {
                calls.into_iter().enumerate().for_each(|(index, call)| self.requested(call, at, index));
            }
            Heard::Completed { call, lost } => self.completed(call, Done { at, lost }),
            Heard::Repaired(call) => {
                if self.is_open(&call) {
                    self.went_on = true;
                    self.completed(call, Done { at, lost: true });
                }
            }
            Heard::Said(text) => {
                if !text.trim().is_empty() {
                    self.told.push_back(Told::Said(text));
                }
            }
            Heard::Ended(ended) => self.end(ended, at),
            Heard::Idled { turn } => {
                // That of a turn before may be told late.
                if matches!(&self.turn, Running::Yes(id) if id.is_none() || turn.is_none() || *id == turn) {
                    self.end(Ended::Done, at);
                }
            }
            Heard::Budget => self.doubt_budget(),
            Heard::Nothing => (),
        }
    }

    fn requested(&mut self, call: Asked, at: u64, index: usize) {
        if !matches!(self.turn, Running::Yes(_)) {
            self.turn = Running::Yes(None);
        }
        self.calls.entry(call.id.clone()).or_default().ask(call, at, index);
    }

    fn completed(&mut self, call: String, done: Done) {
        self.calls.entry(call).or_default().complete(done);
    }

    /// What ends is the turn that runs. Without one, it is the end of the turn before, told late; or of one whose beginning is
    /// told later than its end.
    fn end(&mut self, ended: Ended, at: u64) {
        if !matches!(self.turn, Running::Yes(_)) {
            self.early = Some((at, ended));
            return;
        }
        self.turn = Running::No;
        let open = self.open();
        self.went_on |= ended == Ended::Done && !open.is_empty();
        for call in open {
            self.completed(call.id, Done { at, lost: true });
        }
        self.ended = Some(ended);
    }

    /// What is to be told next.
    pub(super) fn next(&mut self) -> Option<Told> {
        self.told.pop_front()
    }

    pub(super) fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    pub(super) fn take_ended(&mut self) -> Option<Ended> {
        self.ended.take()
    }

    pub(super) fn went_on(&self) -> bool {
        self.went_on
    }

    /// Whether something was said of a budget since the last time.
    pub(super) fn take_budget(&mut self) -> bool {
        std::mem::take(&mut self.budget)
    }

    /// The session is paused: what for is to be found out.
    pub(super) fn doubt_budget(&mut self) {
        self.budget = true;
    }

    /// Whether a turn runs, as far as events say.
    pub(super) fn runs(&self) -> Option<bool> {
        match self.turn {
            Running::Unknown => None,
            Running::No => Some(false),
            Running::Yes(_) => Some(true),
        }
    }

    /// The calls that wait for an answer, in the order in which they were asked.
    pub(super) fn open(&self) -> Vec<Asked> {
        let mut open: Vec<_> = self.calls.values().filter_map(|call| Some((call, call.open()?))).collect();
        open.sort_by_key(|(call, _)| (call.asked(), call.index));
        open.into_iter().map(|(_, asked)| asked).collect()
    }

    fn is_open(&self, call: &str) -> bool {
        self.calls.get(call).is_some_and(CallLog::is_open)
    }

    /// What has become of these calls.
    pub(super) fn fate(&self, ids: &[String]) -> Fate {
        let known: Vec<_> = ids.iter().map(|id| (id, self.calls.get(id))).collect();
        let asked = known.iter().filter_map(|(_, call)| call.and_then(CallLog::asked)).max();
        let is_accepted = |call: Option<&CallLog>| call.and_then(CallLog::done).is_some_and(|done| !done.lost);
        let late = || known.iter().filter(|(_, call)| !is_accepted(*call)).map(|(id, _)| (*id).clone()).collect();
        let open = known.iter().filter(|(_, call)| call.is_some_and(CallLog::is_open)).count();
        let is_any_lost = known.iter().any(|(_, call)| call.and_then(CallLog::done).is_some_and(|done| done.lost));
        let is_newer = |call: &CallLog| call.asked() > asked;
        if self.ended.is_some() || is_any_lost || open == 0 || self.calls.values().any(is_newer) {
            Fate::Over { late: late() }
        } else if open < ids.len() {
            Fate::Settling
        } else {
            Fate::Open
        }
    }

    /// These calls have got our answers, or will never get them.
    pub(super) fn settle(&mut self, ids: &[String]) {
        for id in ids {
            if let Some(log) = self.calls.get_mut(id) {
                log.settle();
            }
        }
    }

    /// The session waits for these calls, so all that came before has been told.
    pub(super) fn wait(&mut self) {
        self.is_complete();
        self.told.push_back(Told::Waiting(self.open()));
    }

    /// Where a new connection goes on.
    pub(super) fn cursor(&self) -> Option<&str> {
        self.last.as_ref().map(|(_, id)| id.as_str())
    }

    /// From where on to look for what may have been missed.
    pub(super) fn sure(&self) -> Option<&str> {
        self.sure.as_deref()
    }

    /// Nothing is under way, so nothing is missing up to here.
    fn is_complete(&mut self) {
        self.sure = self.last.as_ref().map(|(_, id)| id.clone());
    }

    /// Something new is about to be said to the agent: what is open is the platform's to settle.
    pub(super) fn begin(&mut self) {
        self.is_complete();
        self.calls.clear();
        self.inputs.clear();
        self.told.clear();
        (self.ended, self.early) = (None, None);
        (self.went_on, self.budget) = (false, false);
    }

    /// Whether a user's message has been told since [`begin`](Self::begin).
    pub(super) fn has_input(&self, text: &str) -> bool {
        self.inputs.iter().any(|input| input == text)
    }

    /// Takes the events of the past.
    pub(super) fn take_past(&mut self, events: impl IntoIterator<Item = Event>) {
        self.is_past = true;
        events.into_iter().for_each(|event| self.take(event));
        self.is_past = false;
    }

    /// What the last turn has told, for somebody who goes on with it. `runs` is what the session's status says.
    pub(super) fn recovered(&mut self, runs: bool) -> Vec<Told> {
        self.went_on = false;
        if !runs && self.ended.is_none() {
            (self.turn, self.ended) = (Running::No, Some(Ended::Done));
            self.calls.clear();
        } else if runs && self.turn == Running::Unknown {
            self.turn = Running::Yes(None);
        }
        self.told.drain(..).collect()
    }
}
