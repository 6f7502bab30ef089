//! Streams of events, and their reconnects.

use std::time::Duration;

use coral_tools::client::{EventStream, EventStreamItem, FailureStage, LogFilter, ManagerFilter};
use coral_tools::state::SessionEvent;
use futures_util::StreamExt;
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use super::session_server::SessionServer;
use super::{KEY, TestResponse, TestServer, coral};

const LONG: Duration = Duration::from_secs(20);

async fn next(events: &mut EventStream<SessionEvent>) -> EventStreamItem<SessionEvent> {
    timeout(LONG, events.next()).await.expect("an item").expect("no end").expect("no error")
}

#[tokio::test]
async fn events_are_streamed_and_reconnects_are_reported() {
    let server = SessionServer::start().await;
    let mut events = server.session().events();
    assert_eq!(next(&mut events).await, EventStreamItem::MayHaveMissed, "the first connection");
    server.wait_for_listener().await;
    server.send_event(&json!({"type": "agent_connected", "name": "writer", "timestamp": "2026-05-08T14:56:15.5Z"}));
    let EventStreamItem::Event(event) = next(&mut events).await else { panic!("an event") };
    assert_eq!(event.agent(), Some("writer"));

    server.disconnect();
    assert_eq!(next(&mut events).await, EventStreamItem::MayHaveMissed, "the second connection");
    server.remove();
    assert!(timeout(LONG, events.next()).await.expect("an end").is_none(), "the session has ended");
}

#[tokio::test]
async fn a_malformed_event_counts_as_missed() {
    let server = SessionServer::start().await;
    let mut events = server.session().events();
    next(&mut events).await;
    server.wait_for_listener().await;
    server.send_text("not JSON");
    server.send_event(&json!({"type": "runtime_stopped", "name": "writer", "timestamp": "2026-05-08T14:56:15Z"}));
    assert_eq!(next(&mut events).await, EventStreamItem::MayHaveMissed);
    assert!(matches!(next(&mut events).await, EventStreamItem::Event(_)));
}

#[tokio::test]
async fn a_missing_session_is_an_error() {
    let server = SessionServer::start().await;
    server.remove();
    let mut events = server.session().events();
    let error = timeout(LONG, events.next()).await.expect("an item").expect("no end").expect_err("a missing session");
    assert!(error.is_not_found());
    assert!(!error.to_string().contains(KEY));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn filters_are_sent_as_query_parameters() {
    let server = TestServer::with_responses([TestResponse::new(401, "", ""), TestResponse::new(401, "", "")]).await;
    let coral = coral(&server);
    let manager = ManagerFilter::new().namespace("a b").annotation("filtered", "true");
    let error = coral.manager_events(&manager).next().await.expect("an item").expect_err("a rejected key");
    assert_eq!((error.stage(), error.status()), (FailureStage::KeyRejected, Some(StatusCode::UNAUTHORIZED)));
    let logs = LogFilter::new().session("s1").agent("Zoë").sensitive().limit(5);
    coral.logs(&logs).next().await.expect("an item").expect_err("a rejected key");
    assert_eq!(
        server.request_lines(),
        [
            format!(
                "GET /ws/v1/events/{KEY}/lsm?namespaceFilter=a%20b&namespaceAnnotationFilters=eyJmaWx0ZXJlZCI6InRydWUifQ%3D%3D"
            ),
            format!("GET /ws/v1/logs/{KEY}?sessionFilter=s1&agentFilter=Zo%C3%AB&allowSensitive=true&limit=5"),
        ]
    );
    assert!(server.requests()[0].headers.contains("upgrade: websocket"));
}

#[tokio::test]
async fn a_response_without_an_upgrade_is_an_error() {
    let server = TestServer::with_responses([TestResponse::new(200, "", "hello"), TestResponse::Disconnect]).await;
    let error = coral(&server).logs(&LogFilter::new()).next().await.expect("an item").expect_err("not a websocket");
    assert_eq!(error.status(), Some(StatusCode::OK));
    let intolerant = coral(&server).max_outage(Duration::ZERO);
    let error = intolerant.logs(&LogFilter::new()).next().await.expect("an item").expect_err("a disconnect");
    assert!(error.is_retryable() && !format!("{error} {error:?}").contains(KEY), "{error:?}");
}

#[tokio::test]
async fn transient_errors_are_tolerated_until_a_permanent_one() {
    let server = TestServer::with_responses([
        TestResponse::Disconnect,
        TestResponse::new(502, "", "<html>"),
        TestResponse::new(401, "", ""),
    ])
    .await;
    let mut logs = coral(&server).logs(&LogFilter::new());
    let error = timeout(LONG, logs.next()).await.expect("an item").expect("no end").expect_err("a rejected key");
    assert_eq!((error.status(), server.requests().len()), (Some(StatusCode::UNAUTHORIZED), 3));
    assert!(logs.next().await.is_none());
}
