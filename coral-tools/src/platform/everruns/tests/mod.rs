//! The history of a session, without a server.

mod calls;
mod reconnects;
mod turns;

use std::time::Duration;

use serde_json::{Value, json};

use crate::json::{FromJson, from_json};
use crate::platform::event::{ToolCall, ToolResult, TurnEvent, TurnOutcome};
use crate::platform::everruns::event::{EventPage, SessionEvent, SessionEventKind};
use crate::platform::everruns::event_requests::reconnect_delay;
use crate::platform::everruns::history::{EventCursor, SessionHistory};
use crate::platform::everruns::session_info::{SessionInfo, SessionStatus};
use crate::platform::everruns::user_message::{SentMessage, UserMessage};

fn event(sequence: u64, kind: &str, data: &Value) -> SessionEvent {
    let mut event = json!({"id": format!("event_{sequence}"), "type": kind, "sequence": sequence});
    event["data"] = data.clone();
    SessionEvent::from_json(event).expect("an event")
}

fn started(sequence: u64, turn: &str) -> SessionEvent {
    event(sequence, "turn.started", &json!({"turn_id": turn, "input_message_id": "message_1"}))
}

fn idled(sequence: u64, turn: &str) -> SessionEvent {
    event(sequence, "session.idled", &json!({"turn_id": turn}))
}

fn completed(sequence: u64, turn: &str) -> SessionEvent {
    event(sequence, "turn.completed", &json!({"turn_id": turn, "iterations": 1}))
}

fn requested(sequence: u64, id: &str) -> SessionEvent {
    event(sequence, "tool.call_requested", &json!({"tool_calls": [{"id": id, "name": "who", "arguments": {}}]}))
}

fn tool_completed(sequence: u64, id: &str, status: &str) -> SessionEvent {
    event(sequence, "tool.completed", &json!({"tool_call_id": id, "tool_name": "", "success": false, "status": status}))
}

fn call(id: &str, sequence: u64) -> ToolCall {
    ToolCall { id: id.into(), sequence: Some(sequence), tool: "who".into(), arguments: b"{}".to_vec() }
}

fn history(events: impl IntoIterator<Item = SessionEvent>) -> SessionHistory {
    let mut history = SessionHistory::default();
    events.into_iter().for_each(|event| history.add(event));
    history
}

fn turn_events(history: &mut SessionHistory) -> Vec<TurnEvent> {
    std::iter::from_fn(|| history.next_event()).collect()
}

fn agent_message(sequence: u64, text: &str) -> SessionEvent {
    let content = json!([{"type": "text", "text": text}]);
    event(sequence, "output.message.completed", &json!({"message": {"content": content}}))
}

fn cursor(sequence: u64) -> EventCursor {
    EventCursor { sequence, event_id: format!("event_{sequence}") }
}

fn user_message(sequence: u64, message: &Value) -> SessionEvent {
    let mut message = message.clone();
    message["content"] = json!([{"type": "text", "text": "Go on."}]);
    event(sequence, "input.message", &json!({"message": message}))
}

/// Sends a message. Its platform id is `message_1`, if a response contains it.
fn send(history: &mut SessionHistory) {
    history.begin(SentMessage { client_id: "ours".into(), text: "Go on.".into(), id: None });
}

fn results(ids: &[&str]) -> Vec<ToolResult> {
    ids.iter()
        .map(|id| ToolResult { call_id: (*id).into(), json: br#"{"result":1}"#.as_slice().into(), is_error: false })
        .collect()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn a_call_request_is_parsed() {
    let event: SessionEvent = from_json(
        br#"{"id": "event_0123", "type": "tool.call_requested", "ts": "2026-11-21T19:43:30.158Z",
            "session_id": "session_0123", "context": {"turn_id": "turn_1", "span_id": "s"}, "sequence": 42,
            "data": {"tool_calls": [{"id": "toolu_1", "name": "lookup_weather", "arguments": {"city": "Paris"}},
                                    {"id": "call_2", "name": "ping"}],
                     "tool_summaries": [{"id": "toolu_1", "display_name": null}], "headline": "Looks up"}}"#,
    )
    .expect("an event");
    let call = |id: &str, tool: &str, arguments: &str| ToolCall {
        id: id.into(),
        sequence: None,
        tool: tool.into(),
        arguments: arguments.into(),
    };
    let calls = vec![call("toolu_1", "lookup_weather", r#"{"city":"Paris"}"#), call("call_2", "ping", "null")];
    assert_eq!(
        event,
        SessionEvent { id: "event_0123".into(), sequence: Some(42), kind: SessionEventKind::ToolCallsRequested(calls) }
    );
}

#[test]
fn only_the_text_of_agent_messages_is_read() {
    let kind = |content: Value| event(1, "output.message.completed", &json!({"message": {"content": content}})).kind;
    let parts = json!([{"type": "reasoning", "text": "hm"}, {"type": "text", "text": "A"}, {"type": "tool_call"},
        {"type": "text", "text": "B"}, {"type": "novelty"}]);
    assert_eq!(kind(parts), SessionEventKind::AgentMessage("AB".into()));
    assert_eq!(kind(json!("text")), SessionEventKind::AgentMessage(String::new()));
    let mut history = history([event(1, "output.message.completed", &json!({"message": {"content": []}}))]);
    assert!(turn_events(&mut history).is_empty(), "an empty message is not an event");
}

#[test]
fn every_event_type_is_parsed() {
    let failed = |code: Option<&str>, message: &str| {
        let outcome = TurnOutcome::Failed { code: code.map(str::to_owned), message: message.to_owned() };
        SessionEventKind::TurnEnded { turn: None, outcome }
    };
    for (kind, data, expected) in [
        (
            "turn.completed",
            json!({"turn_id": "t"}),
            SessionEventKind::TurnEnded { turn: Some("t".into()), outcome: TurnOutcome::Done },
        ),
        (
            "turn.cancelled",
            json!({"turn_id": "not it"}),
            SessionEventKind::TurnEnded { turn: None, outcome: TurnOutcome::Cancelled },
        ),
        ("turn.failed", json!({"error": "no", "error_code": "x"}), failed(Some("x"), "no")),
        ("turn.failed", json!({}), failed(None, "the platform gives no reason")),
        ("turn.sealed", json!({"reason": "budget", "detail": "spent"}), failed(Some("budget"), "spent")),
        ("session.idled", json!({"turn_id": "t"}), SessionEventKind::Idled { turn: Some("t".into()) }),
        ("budget.exhausted", json!({}), SessionEventKind::Budget),
        ("tool.started", json!({"tool_call": {"id": "c"}}), SessionEventKind::Other),
        ("session.activated", json!({"turn_id": "t"}), SessionEventKind::Activated),
        ("input.message", json!({}), SessionEventKind::UserMessage(UserMessage::default())),
        ("of.tomorrow", json!({"anything": 1}), SessionEventKind::Other),
    ] {
        assert_eq!(event(1, kind, &data).kind, expected, "{kind}");
    }
}

/// Events that are not stored have no sequence number.
#[test]
fn malformed_events_of_a_page_are_ignored() {
    let page: EventPage = from_json(
        br#"{"data": [{"id": "e2", "type": "turn.started", "sequence": 2, "data": {}}, {"type": 7}, {"id": "e0", "type": "x"},
            {"id": "e1", "type": "tool.call_requested", "sequence": 1, "data": {"tool_calls": "none"}}]}"#,
    )
    .expect("a valid page");
    assert_eq!(page.events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["e0", "e2"]);
    assert!(from_json::<EventPage>(b"[]").is_err() && from_json::<EventPage>(b"{}").is_err());
}

#[test]
fn events_are_deduplicated_in_any_order() {
    let events = [started(1, "t"), requested(2, "a"), requested(3, "b"), tool_completed(4, "a", "success")];
    let in_order = history(events.clone());
    let backwards = history(events.iter().rev().chain(&events).cloned());
    for mut history in [in_order, backwards] {
        assert_eq!((history.open_calls(), history.last()), (vec![call("b", 3)], Some(cursor(4))));
        history.queue_open_calls();
        assert_eq!(turn_events(&mut history), [TurnEvent::ToolCalls(vec![call("b", 3)])]);
    }
}

#[test]
fn the_reconnect_delay_of_the_server_is_capped() {
    assert_eq!(reconnect_delay(Some(r#"{"reason": "shutdown", "retry_ms": 250}"#)), Duration::from_millis(250));
    assert_eq!(reconnect_delay(Some(r#"{"retry_ms": 3600000}"#)), Duration::from_secs(10));
    assert_eq!((reconnect_delay(Some("soon")), reconnect_delay(None)), (Duration::ZERO, Duration::ZERO));
}

#[test]
fn the_cursor_is_the_last_stored_event() {
    let preview = json!({"id": "event_preview", "type": "output.message.delta", "data": {"delta": "W"}});
    let preview = SessionEvent::from_json(preview).expect("an event");
    let history = history([started(1, "t"), requested(3, "a"), preview, requested(2, "b")]);
    assert_eq!(history.last(), Some(cursor(3)));
}

/// They have no sequence number, and do not push stored events out of the memory for duplicates.
#[test]
fn events_that_are_not_stored_are_ignored() {
    let delta = |id: usize| {
        let delta = json!({"id": format!("event_{id}"), "type": "tool.output.delta", "data": {"delta": "…"}});
        SessionEvent::from_json(delta).expect("an event")
    };
    let events = || [started(1, "t"), agent_message(2, "once")];
    let mut history = history(events().into_iter().chain((0..20_000).map(delta)).chain(events()));
    assert_eq!((turn_events(&mut history), history.last()), (vec![TurnEvent::Message("once".into())], Some(cursor(2))));
}

#[test]
fn sessions_of_all_server_versions_are_parsed() {
    let read = |json: Value| SessionInfo::from_json(json).expect("a session");
    let old = read(json!({
        "id": "01933b5a-0000-7000-8000-000000000001", "organization_id": "org_1", "agent_id": "agent_1", "status": "started",
        "created_at": "2026-01-11T00:00:00Z", "updated_at": "2026-01-11T00:00:00Z", "usage": null,
    }));
    assert_eq!((old.status, old.agent_id.as_deref(), old.tools.len()), (SessionStatus::Started, Some("agent_1"), 0));
    assert_eq!(old.extra.keys().collect::<Vec<_>>(), ["usage", "updated_at"]);
    for (word, status) in [
        ("active", SessionStatus::Active),
        ("idle", SessionStatus::Idle),
        ("paused", SessionStatus::Paused),
        ("waitingfortoolresults", SessionStatus::WaitingForToolResults),
        ("waiting_for_tool_results", SessionStatus::WaitingForToolResults),
        ("dreaming", SessionStatus::Other("dreaming".into())),
    ] {
        assert_eq!(read(json!({"id": "s", "status": word})).status, status);
    }
    let new = read(
        json!({"id": "s", "agent_id": null, "tools": [{"type": "client_side", "name": "who"}, {"type": "builtin"}]}),
    );
    assert_eq!((new.agent_id, new.tools), (None, vec!["who".to_owned()]));
    assert_eq!(SessionInfo::from_json(json!({"status": "idle"})).expect_err("no id").location(), "id");
}
