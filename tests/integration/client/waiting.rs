//! Waiting until a session has reached a state.

use std::time::Duration;

use coral_tools::client::WaitError;
use coral_tools::state::{AgentActivity, AgentState, SessionState};
use coral_tools::{Coral, Dialect, Session};
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::session_server::SessionServer;
use super::{KEY, TestResponse, TestServer};

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
    assert_eq!(error.session_id(), Some("s1"));
    assert_eq!(format!("{error:?}"), error.to_string(), "what `main` prints");
    let WaitError::TimedOut { missing, last_error: None, .. } = error else { panic!("{error:?}") };
    assert_eq!(missing.iter().map(|agent| agent.name.as_str()).collect::<Vec<_>>(), ["writer", "editor"]);
}

#[tokio::test]
async fn any_condition_on_the_state_can_be_awaited() {
    let server = SessionServer::start().await;
    server.set_agents(&[("writer", connected("thinking"))]);
    let session = server.session();
    let is_asleep = |state: &SessionState| {
        let activity = state.agent("writer").and_then(AgentState::activity);
        activity == Some(&AgentActivity::Sleeping)
    };
    let (state, ()) = tokio::join!(session.wait_until(LONG, is_asleep), async {
        server.wait_for_read().await;
        server.set_agents(&[("writer", connected("sleeping"))]);
    });
    assert!(is_asleep(&state.expect("asleep")));
    let error = session.wait_until(Duration::from_millis(10), |_| false).await.expect_err("a timeout");
    assert_eq!(error.to_string(), "timed out after 10ms");
    let mut last_is_closing = false;
    let (error, ()) = tokio::join!(
        session.wait_until(LONG, |state| {
            last_is_closing = state.is_closing();
            false
        }),
        async { server.close() }
    );
    assert!(matches!(error, Err(WaitError::Ended { .. })), "{error:?}");
    assert!(last_is_closing);
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

/// Between two polls, it connected and stopped. Only the event shows it.
#[tokio::test]
async fn an_agent_that_was_connected_before_it_stopped_counts_as_connected() {
    let server = SessionServer::start().await;
    server.set_agents(&[("writer", not_launched()), ("critic", connected("thinking"))]);
    let session = server.session();
    let (state, ()) = tokio::join!(session.wait_until_connected(LONG), async {
        server.wait_for_listener().await;
        server.wait_for_read().await;
        server.send_event(&json!({"type": "agent_connected", "name": "writer", "timestamp": "2026-05-08T14:56:15Z"}));
        server.wait_for_read().await;
        server.set_agents(&[("writer", stopped()), ("critic", stopped())]);
    });
    assert!(state.expect("connected").agent("writer").is_some_and(AgentState::has_stopped));
}

/// The log of coral-server 1.2: `ExecutableRuntime`, then `SessionAgentExecutionContext`.
#[tokio::test]
async fn an_agent_whose_program_exited_with_status_0_counts_as_connected() {
    let exited = |text: &str| [("writer", text.to_owned()), ("writer", "Agent writer runtime exited".to_owned())];
    for text in ["exited with code 0", "container c0ffee exited with code 0"] {
        let server = SessionServer::start().await;
        server.set_agents(&[("writer", stopped())]);
        server.set_log(&exited(text));
        server.session().wait_until_connected(LONG).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    for text in ["exited with code 1", "container c0ffee exited with code 137", "my child exited with code 0"] {
        let server = SessionServer::start().await;
        server.set_agents(&[("writer", stopped())]);
        server.set_log(&exited(text));
        let error = server.session().wait_until_connected(LONG).await.expect_err(text);
        assert!(matches!(error, WaitError::Stopped { ref agents, .. } if agents.len() == 1), "{text}: {error}");
    }
}

/// The guide's state does not distinguish an agent that has not started from one that has stopped.
#[tokio::test]
async fn agents_of_coral_cloud_are_idle_once_they_have_exited() {
    let state = |is_connected: bool| {
        let agents = json!([{"name": "writer", "isConnected": is_connected, "isWaiting": false}]);
        let state = json!({"id": "s1", "namespace": "default", "closing": false, "agents": agents, "threads": []});
        TestResponse::json(200, &state.to_string())
    };
    let server = TestServer::with_responder(move |_| state(false)).await;
    let session = cloud(&server);
    let error = session.wait_until_idle(SHORT).await.expect_err("an agent that has not started");
    assert_eq!(error.to_string(), "timed out after 1s: `writer` is not connected");

    let mut states = [state(true)].into_iter();
    let server = TestServer::with_responder(move |_| states.next().unwrap_or_else(|| state(false))).await;
    let session = cloud(&server);
    session.wait_until_connected(LONG).await.expect("connected");
    session.wait_until_idle(LONG).await.expect("idle");
    session.wait_until_connected(LONG).await.expect("it was connected");
}

fn cloud(server: &TestServer) -> Session {
    let coral = Coral::server(server.url(), KEY).dialect(Dialect::Cloud).retries(0);
    coral.poll_interval(Duration::from_millis(20)).session("default", "s1")
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
    assert!(matches!(state, Err(WaitError::Ended { .. })));
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
