//! The last turn of a session, read from the list of events.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::api::ClientError;
use crate::platform::event::{TurnEvent, TurnOutcome};
use crate::platform::qoder::sessions::{Event, EventKind, Session};
use crate::platform::qoder::turn::reader::{ReadOutcome, TurnReader};
use crate::platform::turn::RunError;

/// The last turn of a session, according to the list of events.
#[derive(Debug, Default)]
pub(super) struct TurnHistory {
    turn: Vec<Event>,
    is_over: bool,
    /// The id of the last event of any type.
    last_id: Option<String>,
}

impl TurnHistory {
    /// Reads the list of events, from its end back to the start of the last turn.
    pub(super) async fn load(session: &Session) -> Result<Self, ClientError> {
        let (mut events, mut has_turn) = (Vec::new(), false);
        let collect = |event: Event| {
            let is_earlier_turn = has_turn && ends_turn(&event.kind);
            has_turn |= belongs_to_running_turn(&event.kind);
            events.push(event);
            if is_earlier_turn { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        session.for_each_event_backwards(&[], collect).await?;
        let mut history = Self::default();
        events.into_iter().rev().for_each(|event| history.push(event));
        Ok(history)
    }

    /// Adds the next event. The first event of a new turn removes those of the turn before.
    fn push(&mut self, event: Event) {
        if !event.id.is_empty() {
            self.last_id = Some(event.id.clone());
        }
        if self.is_over && belongs_to_running_turn(&event.kind) {
            self.turn.clear();
            self.is_over = false;
        }
        if matches!(event.kind, EventKind::Other(_)) {
            return;
        }
        self.is_over |= ends_turn(&event.kind);
        self.turn.push(event);
    }

    /// Takes the id of the last event, after which a stream can start.
    pub(super) fn take_last_id(&mut self) -> Option<String> {
        self.last_id.take()
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.turn.iter().any(|event| event.id == id)
    }

    /// The id of the last message of the user.
    pub(super) fn last_message_id(&self) -> Option<&str> {
        let mut messages = self.turn.iter().rev().filter(|event| matches!(event.kind, EventKind::UserMessage(_)));
        messages.next().map(|event| event.id.as_str())
    }

    /// The ids of the calls that the session waits for and that have no result.
    pub(super) fn open_calls(&self) -> HashSet<String> {
        let answered = self.answered_calls();
        let waiting_for = match self.status().map(|event| &event.kind) {
            Some(EventKind::Idle { waiting_for, .. }) => waiting_for.as_slice(),
            _ => &[],
        };
        waiting_for.iter().filter(|id| !answered.contains(*id)).cloned().collect()
    }

    fn answered_calls(&self) -> HashSet<String> {
        let call_id = |event: &Event| match &event.kind {
            EventKind::ToolResult { call_id } => Some(call_id.clone()),
            _ => None,
        };
        self.turn.iter().filter_map(call_id).collect()
    }

    /// The last event that reports a status.
    fn status(&self) -> Option<&Event> {
        self.turn.iter().rev().find(|event| is_status(&event.kind))
    }

    /// Returns the turn's messages, followed by what the last status means. Events that `reader` has read before are skipped.
    pub(super) fn into_turn_events(
        self,
        reader: &mut TurnReader,
    ) -> Result<Vec<Result<TurnEvent, RunError>>, RunError> {
        if self.turn.is_empty() {
            return Ok(vec![Ok(TurnEvent::Ended(TurnOutcome::Done))]);
        }
        let status = self.status().cloned();
        let mut events = Vec::new();
        // Only the last status counts: results may follow the status that waits for them.
        let is_read = |event: &Event| !is_status(&event.kind) || matches!(event.kind, EventKind::Running);
        for event in self.turn.into_iter().filter(is_read) {
            if let ReadOutcome::Events(read) = reader.read(event)? {
                events.extend(read);
            }
        }
        let Some(status) = status else { return Ok(events) };
        match reader.read(status)? {
            ReadOutcome::Events(read) => events.extend(read),
            ReadOutcome::UnknownCalls { waiting_for, .. } => events.extend(reader.events_for_calls(waiting_for)?),
        }
        Ok(events)
    }
}

fn is_status(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Running | EventKind::Idle { .. } | EventKind::Terminated | EventKind::Deleted)
}

fn ends_turn(kind: &EventKind) -> bool {
    match kind {
        EventKind::Idle { stop_reason, .. } => stop_reason.as_deref() != Some("requires_action"),
        kind => matches!(kind, EventKind::Terminated | EventKind::Deleted),
    }
}

/// Whether the event occurs only while a turn runs.
fn belongs_to_running_turn(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Running | EventKind::UserMessage(_) | EventKind::ToolCall { .. })
        || matches!(kind, EventKind::Idle { .. }) && !ends_turn(kind)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::TurnHistory;
    use crate::json::FromJson;
    use crate::platform::event::{ToolCall, TurnEvent};
    use crate::platform::qoder::sessions::Event;
    use crate::platform::qoder::turn::reader::TurnReader;

    fn call(id: &str) -> Value {
        json!({"id": id, "type": "agent.custom_tool_use", "name": "look", "input": {}})
    }

    fn waiting(id: &str, ids: &[&str]) -> Value {
        json!({"id": id, "type": "session.status_idle", "stop_reason": {"type": "requires_action", "event_ids": ids}})
    }

    fn result(id: &str, call: &str) -> Value {
        json!({"id": id, "type": "user.custom_tool_result", "custom_tool_use_id": call})
    }

    fn history(events: impl IntoIterator<Item = Value>) -> TurnHistory {
        let mut history = TurnHistory::default();
        events.into_iter().for_each(|event| history.push(Event::from_json(event).expect("an event")));
        history
    }

    fn turn_events(history: TurnHistory) -> Vec<TurnEvent> {
        let events = history.into_turn_events(&mut TurnReader::new("s")).expect("consistent events");
        events.into_iter().map(|event| event.expect("no confirmation")).collect()
    }

    fn tool_call(id: &str) -> ToolCall {
        ToolCall { id: id.into(), sequence: None, tool: "look".into(), arguments: b"{}".into() }
    }

    /// After a restart, only the list contains the results of earlier calls. They follow the status that waits for them.
    #[test]
    fn calls_with_a_listed_result_are_not_open() {
        let start = || [call("a"), call("b"), waiting("w", &["a", "b"]), result("r", "a")];
        assert_eq!(history(start()).open_calls(), ["b".to_owned()].into());
        assert_eq!(turn_events(history(start())), [TurnEvent::ToolCalls(vec![tool_call("b")])]);

        let complete = history(start().into_iter().chain([result("s", "b")]));
        assert_eq!((complete.open_calls().len(), turn_events(complete)), (0, vec![]), "the agent is about to continue");
    }

    #[test]
    fn a_new_turn_replaces_the_turn_before_whatever_its_first_event() {
        let end = json!({"id": "e", "type": "session.status_idle", "stop_reason": {"type": "end_turn"}});
        let running = json!({"id": "n", "type": "session.status_running"});
        for next in [running, json!({"id": "n", "type": "user.message"}), call("n"), waiting("n", &["x"])] {
            let history = history([call("old"), result("r", "old"), end.clone(), next]);
            assert!(history.contains("n") && !history.contains("old"));
        }
    }

    #[test]
    fn waiting_for_a_call_that_is_not_listed_is_an_error() {
        let history = history([call("a"), waiting("w", &["never"])]);
        let error = history.into_turn_events(&mut TurnReader::new("s")).expect_err("an unknown call");
        assert!(error.to_string().contains("waits for the unknown call never"), "{error}");
    }
}
