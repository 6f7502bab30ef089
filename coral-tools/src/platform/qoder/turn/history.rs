//! Where a session stands, by its list of events.

use std::collections::HashSet;

use crate::platform::event::{TurnEvent, TurnOutcome};
use crate::platform::qoder::sessions::{Event, EventKind};
use crate::platform::qoder::turn::reader::{Heard, Reader};
use crate::platform::turn::RunError;

/// The last turn of a session, as it is listed.
#[derive(Debug, Default)]
pub(crate) struct Past {
    turn: Vec<Event>,
    is_over: bool,
    /// The id of the last event, whatever it is.
    pub(crate) last: Option<String>,
}

impl Past {
    /// Takes in the next event. Those of a turn that is over go when the next begins.
    pub(crate) fn push(&mut self, event: Event) {
        if !event.id.is_empty() {
            self.last = Some(event.id.clone());
        }
        if self.is_over && begins(&event.kind) {
            self.turn.clear();
            self.is_over = false;
        }
        if matches!(event.kind, EventKind::Other(_)) {
            return;
        }
        self.is_over |= ends(&event.kind);
        self.turn.push(event);
    }

    /// Whether the event of this id is in the turn.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.turn.iter().any(|event| event.id == id)
    }

    /// The id of the last message of the user.
    pub(crate) fn last_message(&self) -> Option<&str> {
        let mut messages = self.turn.iter().rev().filter(|event| matches!(event.kind, EventKind::Asked(_)));
        messages.next().map(|event| event.id.as_str())
    }

    /// The calls that are waited for and have no answer.
    pub(crate) fn open(&self) -> HashSet<String> {
        let answered = self.answered();
        let waits = match self.status().map(|event| &event.kind) {
            Some(EventKind::Idle { waits_for, .. }) => waits_for.as_slice(),
            _ => &[],
        };
        waits.iter().filter(|id| !answered.contains(*id)).cloned().collect()
    }

    fn answered(&self) -> HashSet<String> {
        let answered = |event: &Event| match &event.kind {
            EventKind::Answered { call } => Some(call.clone()),
            _ => None,
        };
        self.turn.iter().filter_map(answered).collect()
    }

    fn status(&self) -> Option<&Event> {
        self.turn.iter().rev().find(|event| is_status(&event.kind))
    }

    /// What is still to be done in the turn, and what was said in it. What `reader` has read is not told again.
    pub(crate) fn told(self, reader: &mut Reader) -> Result<Vec<Result<TurnEvent, RunError>>, RunError> {
        if self.turn.is_empty() {
            return Ok(vec![Ok(TurnEvent::Ended(TurnOutcome::Done))]);
        }
        let status = self.status().cloned();
        let mut told = Vec::new();
        let is_read = |event: &Event| !is_status(&event.kind) || matches!(event.kind, EventKind::Running);
        for event in self.turn.into_iter().filter(is_read) {
            if let Heard::Told(heard) = reader.read(event)? {
                told.extend(heard);
            }
        }
        let Some(status) = status else { return Ok(told) };
        match reader.read(status)? {
            Heard::Told(heard) => told.extend(heard),
            Heard::Unknown { ids, .. } => told.extend(reader.waits_for(ids)?),
        }
        Ok(told)
    }
}

fn is_status(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Running | EventKind::Idle { .. } | EventKind::Terminated | EventKind::Deleted)
}

pub(crate) fn ends(kind: &EventKind) -> bool {
    match kind {
        EventKind::Idle { reason, .. } => reason.as_deref() != Some("requires_action"),
        kind => matches!(kind, EventKind::Terminated | EventKind::Deleted),
    }
}

/// Whether a turn is on that has such an event in it.
pub(crate) fn begins(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Running | EventKind::Asked(_) | EventKind::Call { .. })
        || matches!(kind, EventKind::Idle { .. }) && !ends(kind)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Past;
    use crate::platform::event::{ToolCall, TurnEvent};
    use crate::platform::qoder::turn::reader::Reader;
    use crate::platform::qoder::view::view;

    fn call(id: &str) -> Value {
        json!({"id": id, "type": "agent.custom_tool_use", "name": "look", "input": {}})
    }

    fn waits(id: &str, ids: &[&str]) -> Value {
        json!({"id": id, "type": "session.status_idle", "stop_reason": {"type": "requires_action", "event_ids": ids}})
    }

    fn answered(id: &str, call: &str) -> Value {
        json!({"id": id, "type": "user.custom_tool_result", "custom_tool_use_id": call})
    }

    fn past(events: impl IntoIterator<Item = Value>) -> Past {
        let mut past = Past::default();
        events.into_iter().for_each(|event| past.push(view("listing", event).expect("an event")));
        past
    }

    fn told(past: Past) -> Vec<TurnEvent> {
        let told = past.told(&mut Reader::default()).expect("it makes sense");
        told.into_iter().map(|told| told.expect("no person is asked")).collect()
    }

    fn asked(id: &str) -> ToolCall {
        ToolCall { id: id.into(), sequence: None, tool: "look".into(), arguments: b"{}".into() }
    }

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    /// After a restart the list alone knows what was answered; what waits was said before that.
    #[test]
    fn what_is_listed_as_answered_is_not_waited_for() {
        let start = || [call("a"), call("b"), waits("w", &["a", "b"]), answered("r", "a")];
        let past = || past(start());
        assert_eq!(past().open(), ids(&["b"]).into_iter().collect());
        assert_eq!(told(past()), [TurnEvent::ToolCalls(vec![asked("b")])]);

        let all = super::tests::past(start().into_iter().chain([answered("s", "b")]));
        assert_eq!((all.open().len(), told(all)), (0, vec![]), "it is about to go on");
    }

    #[test]
    fn the_turn_before_is_forgotten_whatever_the_next_begins_with() {
        let end = json!({"id": "e", "type": "session.status_idle", "stop_reason": {"type": "end_turn"}});
        let running = json!({"id": "n", "type": "session.status_running"});
        for next in [running, json!({"id": "n", "type": "user.message"}), call("n"), waits("n", &["x"])] {
            let past = past([call("old"), answered("r", "old"), end.clone(), next]);
            assert!(past.has("n") && !past.has("old"));
        }
    }

    #[test]
    fn what_is_waited_for_and_not_listed_is_an_error() {
        let past = past([call("a"), waits("w", &["never"])]);
        let error = past.told(&mut Reader::default()).expect_err("nonsense");
        assert!(error.to_string().contains("never, which was never asked"), "{error}");
    }
}
