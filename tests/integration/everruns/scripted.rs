//! A server with scripted responses, for cases that the stand-in does not cover.

use std::time::Duration;

use coral_tools::platform::everruns::Session;
use coral_tools::platform::{RunError, Turn};
use coral_tools::{Everruns, FailureStage};
use http::StatusCode;
use serde_json::{Value, json};

use super::{App, tools, within};
use crate::client::test_server::{TestResponse, TestServer};

/// The responses of a server with one session.
struct Script {
    status: &'static str,
    /// The status from the second request on.
    later_status: &'static str,
    listed: Vec<Value>,
    /// Events that are listed after the first request whose line ends with this string.
    later: Option<(&'static str, Vec<Value>)>,
    stream: TestResponse,
    /// Responses to messages, in order; then conflicts.
    messages: Vec<TestResponse>,
}

impl Script {
    fn new(status: &'static str, listed: impl IntoIterator<Item = Value>) -> Self {
        let (listed, messages) = (listed.into_iter().collect(), vec![TestResponse::json(201, "{}")]);
        Self { status, later_status: status, listed, later: None, stream: streaming([]), messages }
    }

    fn streams(self, events: impl IntoIterator<Item = Value>) -> Self {
        Self { stream: streaming(events), ..self }
    }

    fn lists_after(self, line: &'static str, events: impl IntoIterator<Item = Value>) -> Self {
        Self { later: Some((line, events.into_iter().collect())), ..self }
    }

    async fn server(self) -> TestServer {
        let Self { mut status, later_status, mut listed, mut later, stream, messages } = self;
        let mut messages = messages.into_iter();
        TestServer::with_responder(move |line| {
            let answer = match line {
                line if line.contains("/sse?") => stream.clone(),
                line if line.contains("/events?") => TestResponse::json(200, &json!({"data": listed}).to_string()),
                line if line.ends_with("/tool-results") => conflict(),
                line if line.ends_with("/messages") => messages.next().unwrap_or_else(conflict),
                _ => TestResponse::json(
                    200,
                    &json!({"id": "s", "status": std::mem::replace(&mut status, later_status)}).to_string(),
                ),
            };
            if let Some((_, events)) = later.take_if(|(end, _)| line.ends_with(*end)) {
                listed = events;
            }
            answer
        })
        .await
    }

    /// Resumes the current turn.
    async fn resume(self) -> (Result<Turn, RunError>, App) {
        let (server, app) = (self.server().await, App::default());
        let turn = within(session(&server).run(&tools(), &app).resume()).await;
        (turn, app)
    }

    /// Sends a message. Also returns how often it was sent.
    async fn send_message(self) -> (Result<Turn, RunError>, usize) {
        let server = self.server().await;
        let turn = within(session(&server).run(&tools(), &App::default()).message("Go on.")).await;
        (turn, server.request_lines().iter().filter(|line| line.ends_with("/messages")).count())
    }
}

fn session(server: &TestServer) -> Session {
    Everruns::at(&server.url()).poll_interval(Duration::from_millis(5)).retries(0).session("s")
}

fn streaming(events: impl IntoIterator<Item = Value>) -> TestResponse {
    let frames: String = events.into_iter().map(|event| format!("data: {event}\n\n")).collect();
    TestResponse::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{frames}").into_bytes())
}

fn conflict() -> TestResponse {
    TestResponse::json(409, r#"{"title": "Conflict"}"#)
}

fn event(sequence: u64, kind: &str, data: &Value) -> Value {
    json!({"id": format!("event_{sequence}"), "type": kind, "sequence": sequence, "data": data})
}

fn text(text: &str) -> Value {
    json!({"message": {"content": [{"type": "text", "text": text}]}})
}

/// The start of a turn, from this sequence number on.
fn starts(at: u64) -> [Value; 2] {
    [
        event(at, "input.message", &text("Go on.")),
        event(at + 1, "turn.started", &json!({"turn_id": format!("turn_{at}")})),
    ]
}

fn calls(at: u64) -> Value {
    let call = json!({"id": "call_1", "name": "lookup_order", "arguments": {"number": "A1"}});
    event(at, "tool.call_requested", &json!({"tool_calls": [call]}))
}

/// The end of a turn, from this sequence number on.
fn ends(at: u64, message: &str) -> [Value; 2] {
    [event(at, "output.message.completed", &text(message)), event(at + 1, "turn.completed", &json!({}))]
}

/// A turn that ended.
fn whole() -> impl Iterator<Item = Value> {
    starts(1).into_iter().chain(ends(3, "First."))
}

#[tokio::test]
async fn an_unknown_status_does_not_end_the_turn() {
    let (turn, _) = Script::new("dreaming", []).resume().await;
    assert_eq!(turn.expect("no turn runs").messages, [""; 0]);
    let (turn, _) = Script::new("dreaming", starts(1)).streams(ends(3, "Done.")).resume().await;
    assert_eq!(turn.expect("a turn").messages, ["Done."], "the events show a running turn");
}

#[tokio::test]
async fn a_turn_known_only_from_the_status_is_followed() {
    let (turn, _) = Script::new("active", []).streams(ends(3, "Done.")).resume().await;
    assert_eq!(turn.expect("a turn").messages, ["Done."]);
}

/// Another client sends a message during recovery.
#[tokio::test]
async fn a_turn_that_starts_during_recovery_is_found() {
    let script = Script::new("active", whole()).lists_after("/s", whole().chain(starts(5)));
    let (turn, _) = script.streams(ends(7, "Second.")).resume().await;
    assert_eq!(turn.expect("a turn").messages, ["Second."]);

    let script = Script { later_status: "active", ..Script::new("idle", whole().chain(starts(5))) };
    let (turn, _) = script.streams(ends(7, "Third.")).resume().await;
    assert_eq!(turn.expect("a turn").messages, ["Third."], "after the status was read");
}

#[tokio::test]
async fn a_paused_session_fails_with_or_without_events() {
    for listed in [vec![], starts(1).into(), starts(1).into_iter().chain([calls(3)]).collect()] {
        let (turn, app) = Script::new("paused", listed).resume().await;
        assert!(matches!(turn, Err(RunError::Failed { code: Some(code), .. }) if code == "paused"));
        assert!(app.runs().is_empty());
    }
    let events = starts(1).into_iter().chain([calls(3)]);
    let (turn, _) = Script::new("paused", []).streams(events).send_message().await;
    assert!(matches!(turn, Err(RunError::Failed { code: Some(code), .. }) if code == "paused"), "with an open call");
}

#[tokio::test]
async fn a_budget_warning_does_not_end_the_turn() {
    let warned = event(3, "budget.warning", &json!({"budget_id": "b"}));
    let (turn, _) =
        Script::new("active", starts(1)).streams([warned].into_iter().chain(ends(4, "Done."))).resume().await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
}

#[tokio::test]
async fn events_are_polled_if_the_stream_is_not_sse() {
    let script = Script { stream: TestResponse::json(200, "{}"), ..Script::new("idle", []) };
    let (turn, _) = script.lists_after("/messages", whole()).send_message().await;
    assert_eq!(turn.expect("a turn").text(), "First.");
}

#[tokio::test]
async fn a_rejected_key_is_not_retried() {
    for status in [401, 403] {
        let script = Script { stream: TestResponse::new(status, "", ""), ..Script::new("idle", []) };
        let (turn, _) = script.lists_after("/messages", whole()).send_message().await;
        assert!(matches!(turn, Err(RunError::Client(error)) if error.stage() == FailureStage::KeyRejected), "{status}");
    }
}

#[tokio::test]
async fn malformed_events_of_a_stream_are_ignored() {
    let nameless = json!({"type": "turn.started", "sequence": 3});
    let events = [nameless, json!(["not an event"])].into_iter().chain(ends(4, "Done."));
    let server = Script::new("active", starts(1)).streams(events).server().await;
    let turn = within(session(&server).run(&tools(), &App::default()).resume()).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
    let read = server.request_lines().iter().filter(|line| line.contains("/events?")).count();
    assert_eq!(read, 6, "twice during recovery, with the stream, for both malformed events, and at the end");
}

/// The session waits, but does not accept results.
#[tokio::test]
async fn a_permanent_conflict_is_an_error() {
    let server = Script::new("waitingfortoolresults", starts(1).into_iter().chain([calls(3)])).server().await;
    let app = App::default();
    let turn = within(session(&server).run(&tools(), &app).resume()).await;
    let Err(RunError::Client(error)) = turn else { panic!("no results are accepted") };
    assert_eq!((error.status(), error.server_message()), (Some(StatusCode::CONFLICT), Some("Conflict")));
    assert_eq!(app.runs().len(), 1);
    assert_eq!(server.request_lines().iter().filter(|line| line.ends_with("/tool-results")).count(), 7);
}

/// Another client has submitted one result; the other call never gets one.
#[tokio::test]
async fn a_partly_completed_batch_is_not_awaited_forever() {
    let call = |id: &str| json!({"id": id, "name": "lookup_order", "arguments": {"number": id}});
    let requested = event(3, "tool.call_requested", &json!({"tool_calls": [call("call_1"), call("call_2")]}));
    let half = event(4, "tool.completed", &json!({"tool_call_id": "call_1", "status": "success"}));
    let script = Script::new("waitingfortoolresults", starts(1).into_iter().chain([requested]));
    let listed = script.listed.clone().into_iter().chain([half]);
    let (turn, _) = script.lists_after("/tool-results", listed).streams(ends(5, "Done.")).resume().await;
    let turn = turn.expect("a turn");
    let late: Vec<_> = turn.calls.iter().map(|call| call.late).collect();
    assert_eq!((turn.text(), late), ("Done.", vec![false, true]));
}

#[tokio::test]
async fn a_message_is_resent_after_conflicts_up_to_a_limit() {
    let script = Script::new("idle", []).streams(whole());
    let messages = vec![conflict(), TestResponse::json(201, "{}")];
    let (turn, sent) = Script { messages, ..script }.send_message().await;
    assert_eq!((turn.expect("a turn").text(), sent), ("First.", 2));

    let (turn, sent) = Script { messages: vec![], ..Script::new("idle", []) }.send_message().await;
    assert!(matches!(turn, Err(RunError::Client(error)) if error.status() == Some(StatusCode::CONFLICT)));
    assert_eq!(sent, 7);
}

/// The message of the previous turn has the same text.
#[tokio::test]
async fn a_lost_message_is_resent_despite_an_equal_earlier_one() {
    let messages = vec![TestResponse::Disconnect, TestResponse::json(201, "{}")];
    let script = Script { messages, ..Script::new("idle", whole()) };
    let (turn, sent) = script.streams(starts(5).into_iter().chain(ends(7, "Second."))).send_message().await;
    assert_eq!((turn.expect("a turn").messages, sent), (vec!["Second.".to_owned()], 2));
}
