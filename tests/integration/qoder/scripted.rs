//! Lists and streams that the fake server cannot send.

use coral_tools::Qoder;
use coral_tools::platform::qoder::Session;
use coral_tools::platform::{RunError, Turn};
use serde_json::{Value, json};

use super::{Runs, tools, with_timeout};
use crate::client::test_server::{TestResponse, TestServer};

/// A server with one session, with this list of events and these streams. Further streams are disconnected.
async fn server(
    listed: impl IntoIterator<Item = Value>,
    streams: impl IntoIterator<Item = TestResponse>,
) -> TestServer {
    let accepted = || TestResponse::json(202, r#"{"data": [{"id": "evt_new"}]}"#);
    server_with_replies([accepted(), accepted()], listed, streams).await
}

/// As [`server`], with the responses to sent events.
async fn server_with_replies(
    replies: [TestResponse; 2],
    listed: impl IntoIterator<Item = Value>,
    streams: impl IntoIterator<Item = TestResponse>,
) -> TestServer {
    let mut replies = replies.into_iter();
    let mut streams = streams.into_iter().collect::<Vec<_>>().into_iter();
    let mut events: Vec<Value> = listed.into_iter().collect();
    let listed = json!({"data": events}).to_string();
    events.reverse();
    let listed_newest_first = json!({"data": events}).to_string();
    TestServer::with_responder(move |line| match line {
        line if line.ends_with("/stream") => streams.next().unwrap_or(TestResponse::Disconnect),
        line if line.starts_with("POST") => replies.next().unwrap_or(TestResponse::Disconnect),
        line if line.contains("order=desc") => TestResponse::json(200, &listed_newest_first),
        _ => TestResponse::json(200, &listed),
    })
    .await
}

fn session(server: &TestServer) -> Session {
    Qoder::at(&server.url()).key("pt-test").session("sess_1")
}

fn streaming(events: impl IntoIterator<Item = Value>) -> TestResponse {
    sse_response(events.into_iter().map(|event| format!("data: {event}")))
}

fn sse_response(events: impl IntoIterator<Item = impl AsRef<str>>) -> TestResponse {
    let body: String = events.into_iter().map(|event| format!("{}\n\n", event.as_ref())).collect();
    TestResponse::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{body}").into_bytes())
}

fn event(id: &str, kind: &str) -> Value {
    json!({"id": id, "type": kind})
}

fn agent_message(id: &str, text: &str) -> Value {
    json!({"id": id, "type": "agent.message", "content": [{"type": "text", "text": text}]})
}

fn ended(id: &str) -> Value {
    json!({"id": id, "type": "session.status_idle", "stop_reason": {"type": "end_turn"}})
}

/// A turn that has ended.
fn ended_turn() -> [Value; 4] {
    [
        event("evt_1", "user.message"),
        event("evt_2", "session.status_running"),
        agent_message("evt_3", "First."),
        ended("evt_4"),
    ]
}

async fn message(server: &TestServer) -> Result<Turn, RunError> {
    with_timeout(session(server).run(&tools(), &Runs::default()).message("Go.")).await
}

/// The cursor of each stream.
fn cursors(server: &TestServer) -> Vec<String> {
    let requests = server.requests().into_iter();
    let cursor =
        |headers: String| Some(headers.lines().find_map(|line| line.strip_prefix("last-event-id: "))?.to_owned());
    requests.filter_map(|request| cursor(request.headers)).collect()
}

/// Neither the stream nor the list knows the message yet, so the list ends with the turn before.
#[tokio::test]
async fn an_earlier_turn_is_not_served_before_the_message_is_listed() {
    let unknown = TestResponse::json(400, r#"{"error": {"type": "invalid_request_error", "message": "unknown id"}}"#);
    let second = [event("evt_new", "user.message"), agent_message("evt_6", "Second."), ended("evt_7")];
    let server = server(ended_turn(), [unknown, streaming(second)]).await;
    assert_eq!(message(&server).await.expect("a turn").messages, ["Second."]);
    assert_eq!(cursors(&server), ["evt_new", "evt_4"]);
}

/// Without events a cursor is missing.
#[tokio::test]
async fn an_empty_list_opens_no_stream() {
    let unknown = TestResponse::json(400, r#"{"error": {"type": "invalid_request_error", "message": "unknown id"}}"#);
    let server = server([], [unknown]).await;
    let error = message(&server).await.expect_err("no cursor");
    assert!(matches!(error, RunError::Unexpected(_)), "{error}");
    assert_eq!(cursors(&server), ["evt_new"]);
}

/// Heartbeats, parts of events and empty events are ignored, with or without an id.
#[tokio::test]
async fn ignored_events_do_not_move_the_cursor() {
    let ignored = sse_response([
        r#"data: {"id": "evt_2", "type": "session.status_running"}"#,
        "event: heartbeat\nid: evt_2\ndata: {}",
        "event: heartbeat\nid: evt_beat\ndata: {}",
        "event: ping\nid: evt_ping\ndata: alive",
        r#"data: {"id": "evt_bare", "type": "heartbeat"}"#,
        "id: evt_nothing\nretry: 100",
        "id: evt_blank\ndata: ",
        r#"data: {"type": "agent.custom_tool_use", "name": "lookup_order", "input": {}}"#,
        "event: event_start\nid: evt_3\ndata: {}",
        r#"data: {"id": "evt_3", "type": "event_delta"}"#,
        r#"data: {"type": "agent.message", "content": "Without an id."}"#,
    ]);
    let server = server([], [ignored, streaming([agent_message("evt_3", "Done."), ended("evt_4")])]).await;
    assert_eq!(message(&server).await.expect("a turn").messages, ["Without an id.", "Done."]);
    assert_eq!(cursors(&server), ["evt_new", "evt_2"]);
}

#[tokio::test]
async fn nothing_is_read_after_the_done_marker() {
    let done = sse_response(["data: [DONE]", "data: {"]);
    let server = server([], [done, streaming([agent_message("evt_2", "Done."), ended("evt_3")])]).await;
    assert_eq!(message(&server).await.expect("a turn").text(), "Done.");
}

/// A call, and the status that waits for it.
fn calls() -> [Value; 2] {
    let call = json!({"id": "evt_2", "type": "agent.custom_tool_use", "name": "teleport", "input": {}});
    let reason = json!({"type": "requires_action", "event_ids": ["evt_2"]});
    [call, json!({"id": "evt_3", "type": "session.status_idle", "stop_reason": reason})]
}

#[tokio::test]
async fn submitted_results_count_without_an_event() {
    let rest = [agent_message("evt_4", "Done."), ended("evt_5")];
    let server = server([], [streaming(calls().into_iter().chain(rest))]).await;
    let turn = message(&server).await.expect("a turn");
    assert_eq!((turn.text(), turn.calls.len()), ("Done.", 1));
}

/// An older server returns the accepted events in another field, and rejects a second result with a conflict.
#[tokio::test]
async fn results_rejected_with_a_conflict_are_late() {
    let replies = [TestResponse::json(200, r#"{"events": [{"id": "evt_new"}]}"#), TestResponse::json(409, "{}")];
    let rest = [agent_message("evt_5", "Done."), ended("evt_6")];
    let other = json!({"id": "evt_4", "type": "user.custom_tool_result", "custom_tool_use_id": "evt_2"});
    let listed = calls().into_iter().chain([other]);
    let server = server_with_replies(replies, listed, [streaming(calls().into_iter().chain(rest))]).await;
    let turn = message(&server).await.expect("a turn");
    assert_eq!((turn.text(), turn.calls[0].late), ("Done.", true));
    assert_eq!(cursors(&server), ["evt_new"]);
}
