//! Sessions that say what those of the stand-in do not: status, list, stream and refusals as they are written here.

use std::time::Duration;

use coral_tools::platform::everruns::Session;
use coral_tools::platform::{RunError, Turn};
use coral_tools::{Everruns, Stage};
use serde_json::{Value, json};

use super::{App, tools, within};
use crate::client::answers::{Answer, Answers};

/// What a server says of its only session.
struct Script {
    status: &'static str,
    /// From the second look on.
    then: &'static str,
    listed: Vec<Value>,
    /// What is listed after the first request whose line ends so.
    later: Option<(&'static str, Vec<Value>)>,
    stream: Answer,
    /// What messages get, one after the other; after that, a conflict.
    messages: Vec<Answer>,
}

impl Script {
    fn of(status: &'static str, listed: impl IntoIterator<Item = Value>) -> Self {
        let (listed, messages) = (listed.into_iter().collect(), vec![Answer::json(201, "{}")]);
        Self { status, then: status, listed, later: None, stream: streaming([]), messages }
    }

    fn streams(self, events: impl IntoIterator<Item = Value>) -> Self {
        Self { stream: streaming(events), ..self }
    }

    fn lists_after(self, line: &'static str, events: impl IntoIterator<Item = Value>) -> Self {
        Self { later: Some((line, events.into_iter().collect())), ..self }
    }

    async fn server(self) -> Answers {
        let Self { mut status, then, mut listed, mut later, stream, messages } = self;
        let mut messages = messages.into_iter();
        Answers::to(move |line| {
            let answer = match line {
                line if line.contains("/sse?") => stream.clone(),
                line if line.contains("/events?") => Answer::json(200, &json!({"data": listed}).to_string()),
                line if line.ends_with("/tool-results") => conflict(),
                line if line.ends_with("/messages") => messages.next().unwrap_or_else(conflict),
                _ => Answer::json(200, &json!({"id": "s", "status": std::mem::replace(&mut status, then)}).to_string()),
            };
            if let Some((_, events)) = later.take_if(|(end, _)| line.ends_with(*end)) {
                listed = events;
            }
            answer
        })
        .await
    }

    /// What becomes of the turn that runs, and the tools that ran for it.
    async fn resumed(self) -> (Result<Turn, RunError>, App) {
        let (server, app) = (self.server().await, App::default());
        let turn = within(session(&server).run(&tools(), &app).resume()).await;
        (turn, app)
    }

    /// What becomes of a message, and how often it was sent.
    async fn told(self) -> (Result<Turn, RunError>, usize) {
        let server = self.server().await;
        let turn = within(session(&server).run(&tools(), &App::default()).message("Go on.")).await;
        (turn, server.lines().iter().filter(|line| line.ends_with("/messages")).count())
    }
}

fn session(server: &Answers) -> Session {
    Everruns::at(&server.url()).poll_interval(Duration::from_millis(5)).retries(0).session("s")
}

fn streaming(events: impl IntoIterator<Item = Value>) -> Answer {
    let frames: String = events.into_iter().map(|event| format!("data: {event}\n\n")).collect();
    Answer::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{frames}").into_bytes())
}

fn conflict() -> Answer {
    Answer::json(409, r#"{"title": "Conflict"}"#)
}

fn event(sequence: u64, kind: &str, data: &Value) -> Value {
    json!({"id": format!("event_{sequence}"), "type": kind, "sequence": sequence, "data": data})
}

fn text(text: &str) -> Value {
    json!({"message": {"content": [{"type": "text", "text": text}]}})
}

/// A turn that begins with a message, at this place.
fn begins(at: u64) -> [Value; 2] {
    [
        event(at, "input.message", &text("Go on.")),
        event(at + 1, "turn.started", &json!({"turn_id": format!("turn_{at}")})),
    ]
}

fn calls(at: u64) -> Value {
    let call = json!({"id": "call_1", "name": "lookup_order", "arguments": {"number": "A1"}});
    event(at, "tool.call_requested", &json!({"tool_calls": [call]}))
}

/// The end of a turn, from this place on.
fn ends(at: u64, said: &str) -> [Value; 2] {
    [event(at, "output.message.completed", &text(said)), event(at + 1, "turn.completed", &json!({}))]
}

/// A turn that is over.
fn whole() -> impl Iterator<Item = Value> {
    begins(1).into_iter().chain(ends(3, "First."))
}

#[tokio::test]
async fn a_status_of_tomorrow_says_nothing_of_the_turn() {
    let (turn, _) = Script::of("dreaming", []).resumed().await;
    assert_eq!(turn.expect("no turn runs").messages, [""; 0]);
    let (turn, _) = Script::of("dreaming", begins(1)).streams(ends(3, "Done.")).resumed().await;
    assert_eq!(turn.expect("a turn").messages, ["Done."], "it runs, as its events say");
}

#[tokio::test]
async fn a_turn_of_which_the_status_alone_tells_is_followed() {
    let (turn, _) = Script::of("active", []).streams(ends(3, "Done.")).resumed().await;
    assert_eq!(turn.expect("a turn").messages, ["Done."]);
}

/// Another client speaks just when this one looks.
#[tokio::test]
async fn a_turn_that_begins_while_it_is_looked_for_is_found() {
    let script = Script::of("active", whole()).lists_after("/s", whole().chain(begins(5)));
    let (turn, _) = script.streams(ends(7, "Second.")).resumed().await;
    assert_eq!(turn.expect("a turn").messages, ["Second."]);

    let script = Script { then: "active", ..Script::of("idle", whole().chain(begins(5))) };
    let (turn, _) = script.streams(ends(7, "Third.")).resumed().await;
    assert_eq!(turn.expect("a turn").messages, ["Third."], "after the look at its status");
}

#[tokio::test]
async fn a_session_that_is_paused_is_not_waited_for_whether_its_events_say_so_or_not() {
    for listed in [vec![], begins(1).into(), begins(1).into_iter().chain([calls(3)]).collect()] {
        let (turn, app) = Script::of("paused", listed).resumed().await;
        assert!(matches!(turn, Err(RunError::Failed { code: Some(code), .. }) if code == "paused"));
        assert!(app.runs().is_empty());
    }
    let asks = begins(1).into_iter().chain([calls(3)]);
    let (turn, _) = Script::of("paused", []).streams(asks).told().await;
    assert!(matches!(turn, Err(RunError::Failed { code: Some(code), .. }) if code == "paused"), "with a call open");
}

#[tokio::test]
async fn what_is_said_of_a_budget_need_not_be_its_end() {
    let warned = event(3, "budget.warning", &json!({"budget_id": "b"}));
    let (turn, _) =
        Script::of("active", begins(1)).streams([warned].into_iter().chain(ends(4, "Done."))).resumed().await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
}

#[tokio::test]
async fn a_server_whose_streams_are_none_is_asked() {
    let script = Script { stream: Answer::json(200, "{}"), ..Script::of("idle", []) };
    let (turn, _) = script.lists_after("/messages", whole()).told().await;
    assert_eq!(turn.expect("a turn").text(), "First.");
}

#[tokio::test]
async fn a_server_that_refuses_the_key_is_not_asked_again() {
    for status in [401, 403] {
        let script = Script { stream: Answer::with(status, "", ""), ..Script::of("idle", []) };
        let (turn, _) = script.lists_after("/messages", whole()).told().await;
        assert!(matches!(turn, Err(RunError::Client(error)) if error.stage() == Stage::Refused), "{status}");
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_passed_over() {
    let nameless = json!({"type": "turn.started", "sequence": 3});
    let events = [nameless, json!(["no event"])].into_iter().chain(ends(4, "Done."));
    let server = Script::of("active", begins(1)).streams(events).server().await;
    let turn = within(session(&server).run(&tools(), &App::default()).resume()).await;
    assert_eq!(turn.expect("a turn").text(), "Done.");
    let read = server.lines().iter().filter(|line| line.contains("/events?")).count();
    assert_eq!(read, 6, "twice at the beginning, with the stream, for each of those, and at the end");
}

/// It waits, it says, and takes no answers all the same.
#[tokio::test]
async fn a_conflict_that_does_not_end_is_told() {
    let server = Script::of("waitingfortoolresults", begins(1).into_iter().chain([calls(3)])).server().await;
    let app = App::default();
    let turn = within(session(&server).run(&tools(), &app).resume()).await;
    let Err(RunError::Client(error)) = turn else { panic!("nobody takes the answers") };
    assert_eq!((error.status(), error.server_message()), (Some(409), Some("Conflict")));
    assert_eq!(app.runs().len(), 1);
    assert_eq!(server.lines().iter().filter(|line| line.ends_with("/tool-results")).count(), 7);
}

/// Somebody else has answered one call, of the other nothing is ever told: it is not waited for longer than that.
#[tokio::test]
async fn half_a_batch_is_not_waited_for_for_ever() {
    let call = |id: &str| json!({"id": id, "name": "lookup_order", "arguments": {"number": id}});
    let asked = event(3, "tool.call_requested", &json!({"tool_calls": [call("call_1"), call("call_2")]}));
    let half = event(4, "tool.completed", &json!({"tool_call_id": "call_1", "status": "success"}));
    let script = Script::of("waitingfortoolresults", begins(1).into_iter().chain([asked]));
    let listed = script.listed.clone().into_iter().chain([half]);
    let (turn, _) = script.lists_after("/tool-results", listed).streams(ends(5, "Done.")).resumed().await;
    let turn = turn.expect("a turn");
    let late: Vec<_> = turn.calls.iter().map(|call| call.late).collect();
    assert_eq!((turn.text(), late), ("Done.", vec![false, true]));
}

#[tokio::test]
async fn a_message_is_said_again_to_a_session_that_is_just_resumed_but_not_for_ever() {
    let script = Script::of("idle", []).streams(whole());
    let messages = vec![conflict(), Answer::json(201, "{}")];
    let (turn, sent) = Script { messages, ..script }.told().await;
    assert_eq!((turn.expect("a turn").text(), sent), ("First.", 2));

    let (turn, sent) = Script { messages: vec![], ..Script::of("idle", []) }.told().await;
    assert!(matches!(turn, Err(RunError::Client(error)) if error.status() == Some(409)));
    assert_eq!(sent, 7);
}

/// The same was said in the turn before, and is not taken for what is said now.
#[tokio::test]
async fn a_message_that_got_lost_is_said_again_even_if_the_same_was_said_before() {
    let messages = vec![Answer::Cut, Answer::json(201, "{}")];
    let script = Script { messages, ..Script::of("idle", whole()) };
    let (turn, sent) = script.streams(begins(5).into_iter().chain(ends(7, "Second."))).told().await;
    assert_eq!((turn.expect("a turn").messages, sent), (vec!["Second.".to_owned()], 2));
}
