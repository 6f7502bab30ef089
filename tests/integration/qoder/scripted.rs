//! Sessions that say what those of the stand-in do not: list and stream as they are written here.

use coral_tools::Qoder;
use coral_tools::platform::qoder::Session;
use coral_tools::platform::{RunError, Turn};
use serde_json::{Value, json};

use super::{Runs, soon, tools};
use crate::client::answers::{Answer, Answers};

/// A server with one session, whose list says this, and whose streams are these, one after the other; then there is none.
async fn server(listed: impl IntoIterator<Item = Value>, streams: impl IntoIterator<Item = Answer>) -> Answers {
    let taken = || Answer::json(202, r#"{"data": [{"id": "evt_new"}]}"#);
    server_that_replies([taken(), taken()], listed, streams).await
}

/// To what is sent, with these.
async fn server_that_replies(
    replies: [Answer; 2],
    listed: impl IntoIterator<Item = Value>,
    streams: impl IntoIterator<Item = Answer>,
) -> Answers {
    let mut replies = replies.into_iter();
    let mut streams = streams.into_iter().collect::<Vec<_>>().into_iter();
    let mut events: Vec<Value> = listed.into_iter().collect();
    let listed = json!({"data": events}).to_string();
    events.reverse();
    let listed_backwards = json!({"data": events}).to_string();
    Answers::to(move |line| match line {
        line if line.ends_with("/stream") => streams.next().unwrap_or(Answer::Cut),
        line if line.starts_with("POST") => replies.next().unwrap_or(Answer::Cut),
        line if line.contains("order=desc") => Answer::json(200, &listed_backwards),
        _ => Answer::json(200, &listed),
    })
    .await
}

fn session(server: &Answers) -> Session {
    Qoder::at(&server.url()).token("pt-test").session("sess_1")
}

fn streaming(events: impl IntoIterator<Item = Value>) -> Answer {
    blocks(events.into_iter().map(|event| format!("data: {event}")))
}

fn blocks(blocks: impl IntoIterator<Item = impl AsRef<str>>) -> Answer {
    let blocks: String = blocks.into_iter().map(|block| format!("{}\n\n", block.as_ref())).collect();
    Answer::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{blocks}").into_bytes())
}

fn event(id: &str, kind: &str) -> Value {
    json!({"id": id, "type": kind})
}

fn said(id: &str, text: &str) -> Value {
    json!({"id": id, "type": "agent.message", "content": [{"type": "text", "text": text}]})
}

fn ended(id: &str) -> Value {
    json!({"id": id, "type": "session.status_idle", "stop_reason": {"type": "end_turn"}})
}

/// A turn that is over.
fn whole() -> [Value; 4] {
    [event("evt_1", "user.message"), event("evt_2", "session.status_running"), said("evt_3", "First."), ended("evt_4")]
}

async fn message(server: &Answers) -> Result<Turn, RunError> {
    soon(session(server).run(&tools(), &Runs::default()).message("Go.")).await
}

/// Where the stream goes on from, each time.
fn cursors(server: &Answers) -> Vec<String> {
    let asked = server.asked().into_iter();
    let cursor =
        |headers: String| Some(headers.lines().find_map(|line| line.strip_prefix("last-event-id: "))?.to_owned());
    asked.filter_map(|asked| cursor(asked.headers)).collect()
}

/// The stream does not know the message yet, and neither does the list: what is listed is the turn before.
#[tokio::test]
async fn an_earlier_turn_is_not_taken_for_one_that_is_not_listed_yet() {
    let unknown = Answer::json(400, r#"{"error": {"type": "invalid_request_error", "message": "unknown id"}}"#);
    let second = [event("evt_new", "user.message"), said("evt_6", "Second."), ended("evt_7")];
    let server = server(whole(), [unknown, streaming(second)]).await;
    assert_eq!(message(&server).await.expect("a turn").messages, ["Second."]);
    assert_eq!(cursors(&server), ["evt_new", "evt_4"]);
}

/// Nothing is listed, so there is nothing to begin after.
#[tokio::test]
async fn where_nothing_is_listed_no_stream_is_opened() {
    let unknown = Answer::json(400, r#"{"error": {"type": "invalid_request_error", "message": "unknown id"}}"#);
    let server = server([], [unknown]).await;
    let error = message(&server).await.expect_err("nothing to go on from");
    assert!(matches!(error, RunError::Unexpected(_)), "{error}");
    assert_eq!(cursors(&server), ["evt_new"]);
}

/// Whatever id it has, and whatever is in it.
#[tokio::test]
async fn what_is_no_event_is_passed_over_and_moves_nothing() {
    let noise = blocks([
        r#"data: {"id": "evt_2", "type": "session.status_running"}"#,
        "event: heartbeat\nid: evt_2\ndata: {}",
        "event: heartbeat\nid: evt_beat\ndata: {}",
        "event: ping\nid: evt_ping\ndata: still here",
        r#"data: {"id": "evt_bare", "type": "heartbeat"}"#,
        "id: evt_nothing\nretry: 100",
        "id: evt_blank\ndata: ",
        r#"data: {"type": "agent.custom_tool_use", "name": "lookup_order", "input": {}}"#,
        "event: event_start\nid: evt_3\ndata: {}",
        r#"data: {"id": "evt_3", "type": "event_delta"}"#,
        r#"data: {"type": "agent.message", "content": "Without an id."}"#,
    ]);
    let server = server([], [noise, streaming([said("evt_3", "Done."), ended("evt_4")])]).await;
    assert_eq!(message(&server).await.expect("a turn").messages, ["Without an id.", "Done."]);
    assert_eq!(cursors(&server), ["evt_new", "evt_2"]);
}

#[tokio::test]
async fn what_comes_after_the_end_of_a_stream_is_not_read() {
    let done = blocks(["data: [DONE]", "data: {"]);
    let server = server([], [done, streaming([said("evt_2", "Done."), ended("evt_3")])]).await;
    assert_eq!(message(&server).await.expect("a turn").text(), "Done.");
}

/// A call, and that it is waited for.
fn calls() -> [Value; 2] {
    let call = json!({"id": "evt_2", "type": "agent.custom_tool_use", "name": "teleport", "input": {}});
    let reason = json!({"type": "requires_action", "event_ids": ["evt_2"]});
    [call, json!({"id": "evt_3", "type": "session.status_idle", "stop_reason": reason})]
}

#[tokio::test]
async fn what_was_handed_in_is_answered_whether_it_is_told_or_not() {
    let rest = [said("evt_4", "Done."), ended("evt_5")];
    let server = server([], [streaming(calls().into_iter().chain(rest))]).await;
    let turn = message(&server).await.expect("a turn");
    assert_eq!((turn.text(), turn.calls.len()), ("Done.", 1));
}

/// An older server says what it took in another list; and that a call is answered, by a conflict.
#[tokio::test]
async fn answers_may_be_late_by_a_conflict() {
    let replies = [Answer::json(200, r#"{"events": [{"id": "evt_new"}]}"#), Answer::json(409, "{}")];
    let rest = [said("evt_5", "Done."), ended("evt_6")];
    let theirs = json!({"id": "evt_4", "type": "user.custom_tool_result", "custom_tool_use_id": "evt_2"});
    let listed = calls().into_iter().chain([theirs]);
    let server = server_that_replies(replies, listed, [streaming(calls().into_iter().chain(rest))]).await;
    let turn = message(&server).await.expect("a turn");
    assert_eq!((turn.text(), turn.calls[0].late), ("Done.", true));
    assert_eq!(cursors(&server), ["evt_new"]);
}
