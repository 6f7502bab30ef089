//! The events of one call.

use std::collections::BTreeSet;

use crate::platform::event::ToolCall;

/// The events of one call id, by sequence number. An id may be requested several times: model providers use ids again.
#[derive(Debug, Default)]
pub(super) struct CallIdEvents {
    /// The call, from the last request.
    call: Option<ToolCall>,
    /// Sequence numbers of the requests.
    requests: BTreeSet<u64>,
    /// Index among the calls of the last request.
    index: usize,
    /// The last completion.
    completion: Option<CallCompletion>,
    /// Sequence number of the last `transcript.repaired`: the platform continued without a result.
    repaired: Option<u64>,
    /// The last request that needs nothing more from this client: its result was submitted or given up.
    settled: Option<u64>,
}

/// The end of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CallCompletion {
    /// Sequence number of the event; `None` if the call ended with its turn.
    pub(super) sequence: Option<u64>,
    /// Whether the platform gave up waiting for the result.
    pub(super) is_lost: bool,
    /// The result that the agent reads, if the event contains it.
    pub(super) text: Option<String>,
}

impl CallCompletion {
    /// The platform gave up waiting for the result.
    pub(super) fn lost(sequence: Option<u64>) -> Self {
        Self { sequence, is_lost: true, text: None }
    }
}

impl CallIdEvents {
    pub(super) fn request(&mut self, sequence: u64, index: usize, call: ToolCall) {
        if self.requested_at().is_none_or(|last| last < sequence) {
            (self.call, self.index) = (Some(call), index);
        }
        self.requests.insert(sequence);
    }

    pub(super) fn complete(&mut self, sequence: u64, is_lost: bool, text: Option<String>) {
        if self.completed_at().is_none_or(|last| last < sequence) {
            self.completion = Some(CallCompletion { sequence: Some(sequence), is_lost, text });
        }
    }

    pub(super) fn repair(&mut self, sequence: u64) {
        self.repaired = Some(self.repaired.map_or(sequence, |last| last.max(sequence)));
    }

    /// Records that all requests so far need nothing more from this client.
    pub(super) fn settle(&mut self) {
        self.settled = self.requested_at();
    }

    /// Sequence number of the last request.
    pub(super) fn requested_at(&self) -> Option<u64> {
        self.requests.last().copied()
    }

    fn completed_at(&self) -> Option<u64> {
        self.completion.as_ref().and_then(|completion| completion.sequence)
    }

    /// Sort key for the order of requests.
    pub(super) fn order(&self) -> Option<(u64, usize)> {
        Some((self.requested_at()?, self.index))
    }

    /// The end of the last request. A completion before it belongs to an earlier request of the same id.
    pub(super) fn completion(&self) -> Option<CallCompletion> {
        let is_after_request = |sequence: u64| self.requested_at().is_none_or(|requested| sequence >= requested);
        if self.completed_at().is_some_and(is_after_request) {
            return self.completion.clone();
        }
        self.repaired.filter(|repaired| is_after_request(*repaired)).map(|at| CallCompletion::lost(Some(at)))
    }

    /// The call, if it waits for a result. Requests without a completion between them are the same call.
    pub(super) fn open(&self) -> Option<ToolCall> {
        let call = self.call.as_ref().filter(|_| self.completion().is_none() && !self.is_settled())?;
        let previous = [self.completed_at(), self.repaired].into_iter().flatten().max();
        let first = self.requests.iter().find(|request| previous.is_none_or(|previous| previous < **request));
        Some(ToolCall { sequence: first.copied(), ..call.clone() })
    }

    /// Whether the platform continued without a result, before it had any.
    pub(super) fn is_passed_over(&self) -> bool {
        let Some(requested) = self.requested_at() else { return false };
        let Some(repaired) = self.repaired.filter(|repaired| *repaired >= requested) else { return false };
        let completed = self.completed_at().filter(|completed| *completed >= requested);
        !self.is_settled() && completed.is_none_or(|completed| repaired < completed)
    }

    /// Whether the last request needs nothing more from this client.
    fn is_settled(&self) -> bool {
        match (self.requested_at(), self.settled) {
            (Some(requested), Some(settled)) => settled >= requested,
            (Some(_), None) => false,
            (None, _) => true,
        }
    }
}
