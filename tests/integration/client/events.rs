//! Streams of events, and what happens to them when connections break.

use std::time::Duration;

use coral_tools::client::{EventStream, EventUpdate, FailureStage, LogFilter, ManagerFilter};
use coral_tools::state::SessionEvent;
use futures_util::StreamExt;
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use super::conversation::Conversation;
use super::{Answer, Answers, KEY, coral};

const LONG: Duration = Duration::from_secs(20);

async fn next(events: &mut EventStream<SessionEvent>) -> EventUpdate<SessionEvent> {
    timeout(LONG, events.next()).await.expect("an item").expect("no end").expect("no error")
}

#[tokio::test]
async fn events_come_and_a_break_is_told() {
    let server = Conversation::start().await;
    let mut events = server.session().events();
    assert_eq!(next(&mut events).await, EventUpdate::MayHaveMissed, "whatever was before");
    server.heard().await;
    server.tell(&json!({"type": "agent_connected", "name": "writer", "timestamp": "2026-05-08T14:56:15.5Z"}));
    let EventUpdate::Event(event) = next(&mut events).await else { panic!("an event") };
    assert_eq!(event.agent(), Some("writer"));

    server.cut();
    assert_eq!(next(&mut events).await, EventUpdate::MayHaveMissed, "and again");
    server.gone();
    assert!(timeout(LONG, events.next()).await.expect("an end").is_none(), "the session is over");
}

#[tokio::test]
async fn an_event_that_cannot_be_read_has_been_missed() {
    let server = Conversation::start().await;
    let mut events = server.session().events();
    next(&mut events).await;
    server.heard().await;
    server.tell_text("no JSON");
    server.tell(&json!({"type": "runtime_stopped", "name": "writer", "timestamp": "2026-05-08T14:56:15Z"}));
    assert_eq!(next(&mut events).await, EventUpdate::MayHaveMissed);
    assert!(matches!(next(&mut events).await, EventUpdate::Event(_)));
}

#[tokio::test]
async fn a_session_that_was_never_there_ends_the_stream_with_an_error() {
    let server = Conversation::start().await;
    server.gone();
    let mut events = server.session().events();
    let error = timeout(LONG, events.next()).await.expect("an item").expect("no end").expect_err("no session");
    assert!(error.is_not_found());
    assert!(!error.to_string().contains(KEY));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn filters_are_sent_as_servers_read_them() {
    let answers = Answers::give([Answer::with(401, "", ""), Answer::with(401, "", "")]).await;
    let coral = coral(&answers);
    let manager = ManagerFilter::new().namespace("a b").annotation("filtered", "true");
    let error = coral.manager_events(&manager).next().await.expect("an item").expect_err("refused");
    assert_eq!((error.stage(), error.status()), (FailureStage::KeyRejected, Some(StatusCode::UNAUTHORIZED)));
    let logs = LogFilter::new().session("s1").agent("Zoë").sensitive().limit(5);
    coral.logs(&logs).next().await.expect("an item").expect_err("refused");
    assert_eq!(
        answers.lines(),
        [
            format!(
                "GET /ws/v1/events/{KEY}/lsm?namespaceFilter=a%20b&namespaceAnnotationFilters=eyJmaWx0ZXJlZCI6InRydWUifQ%3D%3D"
            ),
            format!("GET /ws/v1/logs/{KEY}?sessionFilter=s1&agentFilter=Zo%C3%AB&allowSensitive=true&limit=5"),
        ]
    );
    assert!(answers.asked()[0].headers.contains("upgrade: websocket"));
}

#[tokio::test]
async fn what_answers_without_speaking_websocket_is_no_stream_of_events() {
    let answers = Answers::give([Answer::with(200, "", "hello"), Answer::Cut]).await;
    let error = coral(&answers).logs(&LogFilter::new()).next().await.expect("an item").expect_err("no websocket");
    assert_eq!(error.status(), Some(StatusCode::OK));
    let impatient = coral(&answers).max_outage(Duration::ZERO);
    let error = impatient.logs(&LogFilter::new()).next().await.expect("an item").expect_err("cut");
    assert!(error.is_retryable() && !format!("{error} {error:?}").contains(KEY), "{error:?}");
}

#[tokio::test]
async fn trouble_is_borne_until_it_passes_or_patience_ends() {
    let answers = Answers::give([Answer::Cut, Answer::with(502, "", "<html>"), Answer::with(401, "", "")]).await;
    let mut logs = coral(&answers).logs(&LogFilter::new());
    let error = timeout(LONG, logs.next()).await.expect("an item").expect("no end").expect_err("refused");
    assert_eq!((error.status(), answers.asked().len()), (Some(StatusCode::UNAUTHORIZED), 3));
    assert!(logs.next().await.is_none());
}
