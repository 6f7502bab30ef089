//! What is told of one call.

use std::collections::BTreeSet;

use super::super::wire::Asked;

/// A call, by the places of the events that say something of it.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    /// As it was asked last.
    call: Option<Asked>,
    /// Where it was asked, each time.
    asked: BTreeSet<u64>,
    /// Its place among the calls of the same event.
    pub(super) index: usize,
    done: Option<Done>,
    /// Where what was asked has been answered by us, or given up.
    settled: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    pub(super) at: u64,
    pub(super) lost: bool,
}

impl CallLog {
    pub(super) fn ask(&mut self, call: Asked, at: u64, index: usize) {
        if self.asked().is_none_or(|asked| asked < at) {
            (self.call, self.index) = (Some(call), index);
        }
        self.asked.insert(at);
    }

    pub(super) fn complete(&mut self, done: Done) {
        if self.done.is_none_or(|known| known.at < done.at) {
            self.done = Some(done);
        }
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
        self.done.filter(|done| self.asked().is_none_or(|asked| done.at >= asked))
    }

    /// The call, if it waits for an answer. What is asked again without an answer in between is the same call.
    pub(super) fn open(&self) -> Option<Asked> {
        let is_open = self.done().is_none() && self.settled < self.asked();
        let call = self.call.as_ref().filter(|_| is_open)?;
        let place = self.asked.iter().find(|at| self.done.is_none_or(|done| done.at < **at)).copied();
        Some(Asked { place, ..call.clone() })
    }

    pub(super) fn is_open(&self) -> bool {
        self.open().is_some()
    }
}
