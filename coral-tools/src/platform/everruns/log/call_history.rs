//! What is told of one call.

use std::collections::BTreeSet;

use crate::platform::event::ToolCall;

/// A call, by the places of the events that say something of it.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    /// As it was asked last.
    call: Option<ToolCall>,
    /// Where it was asked, each time.
    asked: BTreeSet<u64>,
    /// Its place among the calls of the same event.
    pub(super) index: usize,
    done: Option<Done>,
    /// Where the platform went on without an answer.
    repaired: Option<u64>,
    /// Where what was asked has been answered by us, or given up.
    settled: Option<u64>,
}

/// A call has its answer, from whomever.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Done {
    pub(super) at: u64,
    /// The platform has given up on it.
    pub(super) lost: bool,
    /// What the agent reads, where that is told.
    pub(super) text: Option<String>,
}

impl CallLog {
    pub(super) fn ask(&mut self, call: ToolCall, at: u64, index: usize) {
        if self.asked().is_none_or(|asked| asked < at) {
            (self.call, self.index) = (Some(call), index);
        }
        self.asked.insert(at);
    }

    pub(super) fn complete(&mut self, done: Done) {
        if self.done.as_ref().is_none_or(|known| known.at < done.at) {
            self.done = Some(done);
        }
    }

    pub(super) fn repair(&mut self, at: u64) {
        self.repaired = self.repaired.max(Some(at));
    }

    /// What is asked so far needs nothing more from us.
    pub(super) fn settle(&mut self) {
        self.settled = self.asked();
    }

    /// Where it was asked last.
    pub(super) fn asked(&self) -> Option<u64> {
        self.asked.last().copied()
    }

    /// An answer to an earlier call of this id is none to this one.
    pub(super) fn done(&self) -> Option<Done> {
        let is_of_this = |at: u64| self.asked().is_none_or(|asked| at >= asked);
        let repaired = self.repaired.map(|at| Done { at, lost: true, text: None });
        [self.done.clone(), repaired].into_iter().flatten().find(|done| is_of_this(done.at))
    }

    /// The call, if it waits for an answer. What is asked again without an answer in between is the same call.
    pub(super) fn open(&self) -> Option<ToolCall> {
        let is_open = self.done().is_none() && self.settled < self.asked();
        let call = self.call.as_ref().filter(|_| is_open)?;
        let before = self.done.as_ref().map(|done| done.at).max(self.repaired);
        let place = self.asked.iter().find(|at| before.is_none_or(|before| before < **at)).copied();
        Some(ToolCall { sequence: place, ..call.clone() })
    }

    /// Whether the platform went on without an answer, though none was known by then.
    pub(super) fn is_passed_over(&self) -> bool {
        let done = self.done.as_ref().map(|done| done.at).filter(|at| Some(*at) >= self.asked());
        let is_first = |repaired| done.is_none_or(|done| repaired < done);
        self.settled < self.asked() && self.repaired.is_some_and(|at| Some(at) >= self.asked() && is_first(at))
    }
}
