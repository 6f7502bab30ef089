//! Reading events, without a server.

mod calls;
mod reconnects;
mod turns;

use std::time::Duration;

use serde_json::{Value, json};

use super::event::{Event, Heard, Page};
use super::event_requests::retry;
use super::log::Log;
use super::session_state::{SessionState, Status};
use super::user_message::{Input, Sent};
use crate::json::{FromJson, from_json};
use crate::platform::event::{ToolCall, ToolResult, TurnEvent, TurnOutcome};

fn event(sequence: u64, kind: &str, data: &Value) -> Event {
    let mut event = json!({"id": format!("event_{sequence}"), "type": kind, "sequence": sequence});
    event["data"] = data.clone();
    Event::from_json(event).expect("an event")
}

fn began(sequence: u64, turn: &str) -> Event {
    event(sequence, "turn.started", &json!({"turn_id": turn, "input_message_id": "message_1"}))
}

fn idled(sequence: u64, turn: &str) -> Event {
    event(sequence, "session.idled", &json!({"turn_id": turn}))
}

fn completed(sequence: u64, turn: &str) -> Event {
    event(sequence, "turn.completed", &json!({"turn_id": turn, "iterations": 1}))
}

fn requested(sequence: u64, id: &str) -> Event {
    event(sequence, "tool.call_requested", &json!({"tool_calls": [{"id": id, "name": "who", "arguments": {}}]}))
}

fn answered(sequence: u64, id: &str, status: &str) -> Event {
    event(sequence, "tool.completed", &json!({"tool_call_id": id, "tool_name": "", "success": false, "status": status}))
}

fn asked(id: &str, sequence: u64) -> ToolCall {
    ToolCall { id: id.into(), sequence: Some(sequence), tool: "who".into(), arguments: b"{}".to_vec() }
}

fn log(events: impl IntoIterator<Item = Event>) -> Log {
    let mut log = Log::default();
    events.into_iter().for_each(|event| log.take(event));
    log
}

fn told(log: &mut Log) -> Vec<TurnEvent> {
    std::iter::from_fn(|| log.next()).collect()
}

fn said(sequence: u64, text: &str) -> Event {
    let content = json!([{"type": "text", "text": text}]);
    event(sequence, "output.message.completed", &json!({"message": {"content": content}}))
}

fn input(sequence: u64, message: &Value) -> Event {
    let mut message = message.clone();
    message["content"] = json!([{"type": "text", "text": "Go on."}]);
    event(sequence, "input.message", &json!({"message": message}))
}

/// A message of ours, which is `message_1` to the platform once it has said so.
fn send(log: &mut Log) {
    log.begin(Sent { client_id: "ours".into(), text: "Go on.".into(), id: None });
}

fn answers(ids: &[&str]) -> Vec<ToolResult> {
    ids.iter()
        .map(|id| ToolResult { call_id: (*id).into(), json: br#"{"result":1}"#.as_slice().into(), is_error: false })
        .collect()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn a_request_is_read_as_the_platform_writes_it() {
    let event: Event = from_json(
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
    assert_eq!(event, Event { id: "event_0123".into(), sequence: Some(42), heard: Heard::Requested(calls) });
}

#[test]
fn what_is_said_is_text_and_nothing_else() {
    let said = |content: Value| event(1, "output.message.completed", &json!({"message": {"content": content}})).heard;
    let parts = json!([{"type": "reasoning", "text": "hm"}, {"type": "text", "text": "A"}, {"type": "tool_call"},
        {"type": "text", "text": "B"}, {"type": "novelty"}]);
    assert_eq!(said(parts), Heard::Said("AB".into()));
    assert_eq!(said(json!("text")), Heard::Said(String::new()));
    let mut log = log([event(1, "output.message.completed", &json!({"message": {"content": []}}))]);
    assert!(told(&mut log).is_empty(), "silence is not told");
}

#[test]
fn every_end_is_an_end() {
    let failed = |code: Option<&str>, message: &str| {
        let ended = TurnOutcome::Failed { code: code.map(str::to_owned), message: message.to_owned() };
        Heard::Ended { turn: None, ended }
    };
    for (kind, data, heard) in [
        ("turn.completed", json!({"turn_id": "t"}), Heard::Ended { turn: Some("t".into()), ended: TurnOutcome::Done }),
        ("turn.cancelled", json!({"turn_id": "not it"}), Heard::Ended { turn: None, ended: TurnOutcome::Cancelled }),
        ("turn.failed", json!({"error": "no", "error_code": "x"}), failed(Some("x"), "no")),
        ("turn.failed", json!({}), failed(None, "the platform says no more")),
        ("turn.sealed", json!({"reason": "budget", "detail": "spent"}), failed(Some("budget"), "spent")),
        ("session.idled", json!({"turn_id": "t"}), Heard::Idled { turn: Some("t".into()) }),
        ("budget.exhausted", json!({}), Heard::Budget),
        ("tool.started", json!({"tool_call": {"id": "c"}}), Heard::Nothing),
        ("session.activated", json!({"turn_id": "t"}), Heard::Activated),
        ("input.message", json!({}), Heard::Input(Input::default())),
        ("of.tomorrow", json!({"anything": 1}), Heard::Nothing),
    ] {
        assert_eq!(event(1, kind, &data).heard, heard, "{kind}");
    }
}

/// Ephemeral events have no place, and no data that must be there.
#[test]
fn a_page_keeps_what_can_be_read() {
    let page: Page = from_json(
        br#"{"data": [{"id": "e2", "type": "turn.started", "sequence": 2, "data": {}}, {"type": 7}, {"id": "e0", "type": "x"},
            {"id": "e1", "type": "tool.call_requested", "sequence": 1, "data": {"tool_calls": "none"}}]}"#,
    )
    .expect("a page");
    assert_eq!(page.0.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["e0", "e2"]);
    assert!(from_json::<Page>(b"[]").is_err() && from_json::<Page>(b"{}").is_err());
}

#[test]
fn each_event_is_heard_once_in_whatever_order() {
    let events = [began(1, "t"), requested(2, "a"), requested(3, "b"), answered(4, "a", "success")];
    let in_order = log(events.clone());
    let backwards = log(events.iter().rev().chain(&events).cloned());
    for mut log in [in_order, backwards] {
        assert_eq!((log.open(), log.last()), (vec![asked("b", 3)], Some((4, "event_4".into()))));
        log.wait();
        assert_eq!(told(&mut log), [TurnEvent::ToolCalls(vec![asked("b", 3)])]);
    }
}

#[test]
fn a_server_says_when_to_connect_again_but_not_in_an_hour() {
    assert_eq!(retry(Some(r#"{"reason": "shutdown", "retry_ms": 250}"#)), Duration::from_millis(250));
    assert_eq!(retry(Some(r#"{"retry_ms": 3600000}"#)), Duration::from_secs(10));
    assert_eq!((retry(Some("soon")), retry(None)), (Duration::ZERO, Duration::ZERO));
}

/// What is not kept has no place to go on from.
#[test]
fn the_cursor_is_the_last_event_that_is_kept() {
    let passing = json!({"id": "event_passing", "type": "output.message.delta", "data": {"delta": "W"}});
    let passing = Event::from_json(passing).expect("an event");
    let log = log([began(1, "t"), requested(3, "a"), passing, requested(2, "b")]);
    assert_eq!(log.last(), Some((3, "event_3".into())));
}

/// What the platform does not keep has no place, and is no reason to forget what has.
#[test]
fn events_that_are_not_kept_are_passed_over() {
    let delta = |id: usize| {
        let delta = json!({"id": format!("event_{id}"), "type": "tool.output.delta", "data": {"delta": "…"}});
        Event::from_json(delta).expect("an event")
    };
    let events = || [began(1, "t"), said(2, "once")];
    let mut log = log(events().into_iter().chain((0..20_000).map(delta)).chain(events()));
    assert_eq!((told(&mut log), log.last()), (vec![TurnEvent::Message("once".into())], Some((2, "event_2".into()))));
}

#[test]
fn sessions_of_every_generation_are_read() {
    let read = |json: Value| SessionState::from_json(json).expect("a session");
    let old = read(json!({
        "id": "01933b5a-0000-7000-8000-000000000001", "organization_id": "org_1", "agent_id": "agent_1", "status": "started",
        "created_at": "2026-01-11T00:00:00Z", "updated_at": "2026-01-11T00:00:00Z", "usage": null,
    }));
    assert_eq!((old.status, old.agent_id.as_deref(), old.tools.len()), (Status::Started, Some("agent_1"), 0));
    assert_eq!(old.extra.keys().collect::<Vec<_>>(), ["usage", "updated_at"]);
    for (word, status) in [
        ("active", Status::Active),
        ("idle", Status::Idle),
        ("paused", Status::Paused),
        ("waitingfortoolresults", Status::WaitingForToolResults),
        ("waiting_for_tool_results", Status::WaitingForToolResults),
        ("dreaming", Status::Other("dreaming".into())),
    ] {
        assert_eq!(read(json!({"id": "s", "status": word})).status, status);
    }
    let new = read(
        json!({"id": "s", "agent_id": null, "tools": [{"type": "client_side", "name": "who"}, {"type": "builtin"}]}),
    );
    assert_eq!((new.agent_id, new.tools), (None, vec!["who".to_owned()]));
    assert_eq!(SessionState::from_json(json!({"status": "idle"})).expect_err("no id").location(), "id");
}
