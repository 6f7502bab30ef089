//! The state of a session, built from its events in whatever order they arrive, however often.

mod batch_status;
mod call_id_events;
mod cursor;
mod served_turn;
mod turn_history;

use std::collections::{HashMap, VecDeque};

pub(super) use self::batch_status::{BatchStatus, SubmissionState};
use self::call_id_events::{CallCompletion, CallIdEvents};
pub(super) use self::cursor::EventCursor;
use self::cursor::ReceivedEvents;
use self::served_turn::ServedTurn;
pub(super) use self::turn_history::InitialTurnState;
use self::turn_history::{TurnEffect, TurnEndEvent, TurnHistory};
use crate::platform::event::{ToolCall, ToolResult, TurnEvent, TurnOutcome};
use crate::platform::everruns::event::{SessionEvent, SessionEventKind};
use crate::platform::everruns::user_message::SentMessage;

/// The state of a session: its events, the turn that the run serves, and the calls that wait for results.
#[derive(Debug, Default)]
pub(super) struct SessionHistory {
    received: ReceivedEvents,
    turns: TurnHistory,
    served: ServedTurn,
    calls: HashMap<String, CallIdEvents>,
    queue: VecDeque<PendingTurnEvent>,
    /// Whether the session's status must be read, because an event concerns a budget.
    may_be_paused: bool,
}

/// An event for the loop.
#[derive(Debug)]
enum PendingTurnEvent {
    /// Skipped if it turns out to belong to an earlier turn.
    Message {
        sequence: u64,
        text: String,
    },
    ToolCalls(Vec<ToolCall>),
}

impl SessionHistory {
    /// Adds an event, unless it was received before.
    pub(super) fn add(&mut self, event: SessionEvent) {
        if let Some(sequence) = self.received.add(&event) {
            self.apply(sequence, event.kind);
        }
    }

    /// Adds earlier events of the session. Only the last turn matters: an event that starts a turn makes all before it
    /// obsolete.
    pub(super) fn replay(&mut self, events: impl IntoIterator<Item = SessionEvent>) {
        for event in events {
            let Some(sequence) = self.received.add(&event) else { continue };
            let starts_turn = match event.kind {
                SessionEventKind::TurnStarted { .. } => true,
                SessionEventKind::Activated => self.turns.is_running() == Some(false),
                _ => false,
            };
            if starts_turn {
                self.drop_history(sequence);
            }
            self.apply(sequence, event.kind);
        }
    }

    fn apply(&mut self, sequence: u64, kind: SessionEventKind) {
        match kind {
            SessionEventKind::Activated => self.turns.add(sequence, TurnEffect::Activated),
            SessionEventKind::TurnStarted { turn } => self.turns.add(sequence, TurnEffect::Started { turn }),
            SessionEventKind::TurnEnded { turn, outcome } => {
                self.turns.add(sequence, TurnEffect::Ended { turn, outcome });
            }
            SessionEventKind::Idled { turn } => self.turns.add(sequence, TurnEffect::Idled { turn }),
            SessionEventKind::UserMessage(message) => self.served.receive(sequence, message),
            SessionEventKind::AgentMessage(text) if text.trim().is_empty() => (),
            SessionEventKind::AgentMessage(text) => self.queue.push_back(PendingTurnEvent::Message { sequence, text }),
            SessionEventKind::ToolCallsRequested(calls) => {
                for (index, call) in calls.into_iter().enumerate() {
                    self.calls.entry(call.id.clone()).or_default().request(sequence, index, call);
                }
            }
            SessionEventKind::ToolCompleted { call_id, is_lost, text } => {
                self.calls.entry(call_id).or_default().complete(sequence, is_lost, text);
            }
            SessionEventKind::TranscriptRepaired { call_id } => {
                self.calls.entry(call_id).or_default().repair(sequence);
            }
            SessionEventKind::Budget => self.may_be_paused = true,
            SessionEventKind::Other => (),
        }
    }

    /// Drops what belongs to earlier turns.
    fn drop_history(&mut self, end: u64) {
        self.served.drop_history(end);
        self.turns.clear();
        self.calls.clear();
        self.queue.clear();
    }

    /// The last event, after which a new connection starts.
    pub(super) fn last(&self) -> Option<EventCursor> {
        self.received.last().cloned()
    }

    /// The id of the event after which an event may be missing.
    pub(super) fn confirmed_id(&self) -> Option<&str> {
        self.received.confirmed().map(|cursor| cursor.event_id.as_str())
    }

    /// Records that no event up to here is missing.
    pub(super) fn confirm(&mut self, cursor: Option<EventCursor>) {
        self.received.confirm(cursor);
    }

    /// Skips these events and all before them.
    pub(super) fn skip(&mut self, events: &[SessionEvent]) {
        self.received.skip(events);
    }

    /// Sets whether a message that is about to be sent starts a turn or joins one that runs.
    pub(super) fn set_start(&mut self, start: InitialTurnState) {
        self.served.set_start(start);
    }

    /// Starts to serve the turn of a message that is about to be sent. The platform settles the open calls by itself.
    pub(super) fn begin(&mut self, message: SentMessage) {
        self.received.confirm(self.last());
        self.drop_history(self.received.last().map_or(0, |cursor| cursor.sequence));
        self.served.set_sent(message);
        self.may_be_paused = false;
    }

    /// Records the platform's response to the message: its id, and whether it started or joined a turn.
    pub(super) fn delivered(&mut self, id: Option<String>, delivery: Option<&str>) {
        self.served.set_message_id(id);
        match delivery {
            Some("started") => self.served.set_start(InitialTurnState::Pending),
            Some("steered" | "resumed") => self.served.set_start(InitialTurnState::Running),
            _ => (),
        }
    }

    /// Whether the message that was sent is among the events.
    pub(super) fn has_sent_message(&self) -> bool {
        self.served.received_at().is_some()
    }

    /// Ends the [replay](Self::replay) and returns the messages of the last turn. `is_running` is the session's status. Calls that
    /// the platform passed over in the past are settled.
    pub(super) fn finish_replay(&mut self, is_running: bool) -> Vec<TurnEvent> {
        if !is_running && self.ending().is_none() {
            self.turns.end_by_status();
        }
        let has_ended = self.ending().is_some();
        self.calls.values_mut().filter(|call| has_ended || call.is_passed_over()).for_each(CallIdEvents::settle);
        self.queue.drain(..).map(PendingTurnEvent::into_turn_event).collect()
    }

    /// The next event for the loop.
    pub(super) fn next_event(&mut self) -> Option<TurnEvent> {
        let turn_start = self.served.span().after;
        while let Some(event) = self.queue.pop_front() {
            match event {
                PendingTurnEvent::Message { sequence, .. } if sequence <= turn_start => (),
                event => return Some(event.into_turn_event()),
            }
        }
        None
    }

    /// How the served turn ended, according to the events.
    pub(super) fn outcome(&self) -> Option<TurnOutcome> {
        self.ending().map(|ending| ending.outcome)
    }

    fn ending(&self) -> Option<TurnEndEvent> {
        self.turns.ending(self.served.span())
    }

    /// Whether a turn runs, according to the events; `None` if they do not show it.
    pub(super) fn is_turn_running(&self) -> Option<bool> {
        self.turns.is_running()
    }

    /// Whether the session's status must be read to find out whether a budget paused the session.
    pub(super) fn may_be_paused(&self) -> bool {
        self.may_be_paused
    }

    pub(super) fn set_may_be_paused(&mut self, may_be_paused: bool) {
        self.may_be_paused = may_be_paused;
    }

    /// Whether the platform continued without results that it requested.
    pub(super) fn continued_without_results(&self) -> bool {
        let ending = self.ending().filter(|ending| ending.outcome == TurnOutcome::Done);
        let is_left_open = |call: &CallIdEvents| {
            let requested = call.open().and_then(|_| call.requested_at());
            requested.zip(ending.as_ref()).is_some_and(|(requested, ending)| ending.is_after(requested))
        };
        self.calls.values().any(|call| call.is_passed_over() || is_left_open(call))
    }

    /// The calls that wait for results, in the order in which they were requested.
    pub(super) fn open_calls(&self) -> Vec<ToolCall> {
        let mut open: Vec<_> = self.calls.values().filter(|call| self.is_open(call)).collect();
        open.sort_by_key(|call| call.order());
        open.into_iter().filter_map(CallIdEvents::open).collect()
    }

    fn is_open(&self, call: &CallIdEvents) -> bool {
        call.open().is_some() && self.completion(call).is_none()
    }

    /// The end of a call. The end of the turn ends its calls.
    fn completion(&self, call: &CallIdEvents) -> Option<CallCompletion> {
        call.completion().or_else(|| {
            let ending = self.ending()?;
            let ends_call = call.requested_at().is_none_or(|requested| ending.is_after(requested));
            ends_call.then(|| CallCompletion::lost(ending.sequence))
        })
    }

    /// Queues the open calls: the session waits for their results, so no earlier event is missing.
    pub(super) fn queue_open_calls(&mut self) {
        self.received.confirm(self.last());
        self.queue.push_back(PendingTurnEvent::ToolCalls(self.open_calls()));
    }

    /// The state of the calls that these results belong to.
    pub(super) fn batch_status(&self, results: &[ToolResult], submission: SubmissionState) -> BatchStatus {
        let calls: Vec<_> = results.iter().map(|result| (result, self.calls.get(&result.call_id))).collect();
        let completions: Vec<_> =
            calls.iter().map(|(result, call)| (*result, call.and_then(|call| self.completion(call)))).collect();
        let open = calls.iter().filter(|(_, call)| call.is_some_and(|call| self.is_open(call))).count();
        let is_any_lost = completions.iter().any(|(_, completion)| completion.as_ref().is_some_and(|it| it.is_lost));
        if open == 0 || is_any_lost || self.has_newer_calls(calls.iter().filter_map(|(_, call)| *call)) {
            let late = completions.iter().filter(|(result, it)| batch_status::is_late(result, it.as_ref(), submission));
            BatchStatus::Settled { late: late.map(|(result, _)| result.call_id.clone()).collect() }
        } else if open < results.len() {
            BatchStatus::Settling
        } else {
            BatchStatus::Open
        }
    }

    /// Whether a call was requested after these.
    fn has_newer_calls<'a>(&self, calls: impl Iterator<Item = &'a CallIdEvents>) -> bool {
        let last = calls.filter_map(CallIdEvents::requested_at).max();
        let is_newer = |requested: u64| last.is_none_or(|last| requested > last);
        self.calls.values().filter_map(CallIdEvents::requested_at).any(is_newer)
    }

    /// The ids of the calls that wait for these results.
    pub(super) fn open_call_ids(&self, results: &[ToolResult]) -> Vec<String> {
        let is_open = |result: &&ToolResult| self.calls.get(&result.call_id).is_some_and(|call| self.is_open(call));
        results.iter().filter(is_open).map(|result| result.call_id.clone()).collect()
    }

    /// Records that the calls have these results or will never have them.
    pub(super) fn settle(&mut self, results: &[ToolResult]) {
        for result in results {
            if let Some(call) = self.calls.get_mut(&result.call_id) {
                call.settle();
            }
        }
    }
}

impl PendingTurnEvent {
    fn into_turn_event(self) -> TurnEvent {
        match self {
            Self::Message { text, .. } => TurnEvent::Message(text),
            Self::ToolCalls(calls) => TurnEvent::ToolCalls(calls),
        }
    }
}
