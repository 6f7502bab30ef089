//! Waiting until a session has reached a state.

use std::time::Duration;

use coral_tools::client::WaitError;
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::session_server::SessionServer;

const LONG: Duration = Duration::from_secs(20);
/// Long enough for one poll.
const SHORT: Duration = Duration::from_secs(1);

fn not_launched() -> Value {
    json!({"type": "waiting"})
}

fn not_connected() -> Value {
    json!({"type": "running", "connectionStatus": {"type": "not_connected"}})
}

fn connected(communication: &str) -> Value {
    let communication = json!({"type": communication});
    json!({"type": "running", "connectionStatus": {"type": "connected", "communicationStatus": communication}})
}

fn stopped() -> Value {
    json!({"type": "stopped"})
}

#[tokio::test]
async fn waiting_succeeds_when_all_agents_are_connected() {
    let server = SessionServer::start().await;
    server.set_agents(&[("writer", not_launched()), ("critic", connected("thinking"))]);
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_connected(LONG), async {
        server.wait_for_read().await;
        server.fail_reads(2);
        server.wait_for_read().await;
        server.set_agents(&[("writer", connected("thinking")), ("critic", connected("sleeping"))]);
        server.send_event(&json!({"type": "agent_connected", "name": "writer", "timestamp": "2026-05-08T14:56:15Z"}));
    });
    assert!(state.expect("connected").all_agents_connected());
}

#[tokio::test]
async fn a_timeout_lists_the_agents_that_are_missing() {
    let server = SessionServer::start().await;
    server.set_agents(&[("writer", not_launched()), ("critic", connected("thinking")), ("editor", not_connected())]);
    let error = server.session().wait_until_connected(SHORT).await.expect_err("a timeout");
    assert_eq!(
        error.to_string(),
        "timed out after 1s: `writer` is not launched, `editor` is launched but not connected"
    );
    let WaitError::TimedOut { missing, last_error: None, .. } = error else { panic!("{error:?}") };
    assert_eq!(missing.iter().map(|agent| agent.name.as_str()).collect::<Vec<_>>(), ["writer", "editor"]);
}

#[tokio::test]
async fn a_timeout_contains_the_last_error() {
    let server = SessionServer::start().await;
    server.fail_reads(usize::MAX);
    let error = server.session().wait_until_idle(SHORT).await.expect_err("a timeout");
    assert!(error.to_string().contains("502 Bad Gateway"), "{error}");
}

#[tokio::test]
async fn waiting_fails_when_an_agent_stops_before_it_connects() {
    let server = SessionServer::start().await;
    server.set_agents(&[("writer", stopped()), ("critic", not_launched())]);
    let error = server.session().wait_until_connected(LONG).await.expect_err("a stopped agent");
    assert_eq!(error.to_string(), "agents stopped before they connected: `writer` has stopped");
}

#[tokio::test]
async fn a_session_is_idle_when_all_agents_wait_or_have_stopped() {
    let server = SessionServer::start().await;
    server.set_agents(&[("writer", connected("waiting_message")), ("critic", connected("thinking"))]);
    let error = server.session().wait_until_idle(SHORT).await.expect_err("a busy agent");
    assert_eq!(error.to_string(), "timed out after 1s: `critic` is busy");
    server.set_agents(&[("writer", connected("waiting_message")), ("critic", stopped())]);
    server.session().wait_until_idle(LONG).await.expect("idle");
}

#[tokio::test]
async fn the_end_of_held_and_of_removed_sessions_is_detected() {
    let server = SessionServer::start().await;
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_ended(LONG), async {
        server.wait_for_read().await;
        server.close();
    });
    assert!(state.expect("the end").expect("a state").is_closing());

    let server = SessionServer::start().await;
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_ended(LONG), async {
        server.wait_for_read().await;
        server.remove();
    });
    assert!(!state.expect("the end").expect("the last polled state").is_closing());

    let server = SessionServer::start().await;
    server.remove();
    let error = server.session().wait_until_ended(LONG).await.expect_err("a missing session");
    assert!(matches!(error, WaitError::Client(error) if error.is_not_found()));
}

#[tokio::test]
async fn waiting_fails_when_the_session_ends() {
    let server = SessionServer::start().await;
    server.set_agents(&[("writer", not_launched())]);
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_connected(LONG), async {
        server.wait_for_read().await;
        server.close();
    });
    assert!(matches!(state, Err(WaitError::Ended)));
}

#[tokio::test]
async fn states_are_streamed_until_the_end() {
    for server in [SessionServer::start().await, SessionServer::start().await.without_events()] {
        let mut states = server.session().states();
        assert!(!states.next().await.expect("a state").expect("a state").is_closing());
        server.close();
        let rest: Vec<_> = states.map(|state| state.expect("a state").is_closing()).collect().await;
        assert_eq!(rest.last(), Some(&true));
        assert_eq!(rest.iter().filter(|closing| **closing).count(), 1);
    }
}
