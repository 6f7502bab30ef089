//! Closing sessions, stopping agents and deleting namespaces, if agents do not stop.

use std::time::Duration;

use coral_tools::client::FailureStage;
use coral_tools::{ClientError, Coral, Dialect};

use super::{KEY, TestResponse, TestServer};

/// A client that would retry, and whose requests time out soon.
fn impatient(server: &TestServer) -> Coral {
    let coral = Coral::server(server.url(), KEY).dialect(Dialect::Server1_2).retries(3);
    coral.timeout(Duration::from_millis(500))
}

/// The state of coral-server 1.2 after a `DELETE` that waits for `polite` and `stubborn`.
fn state(session: &str, stubborn: &str) -> String {
    format!(
        r#"{{"base": {{"id": "s1", "namespace": "default", "status": {{"type": "{session}"}}}}, "threads": [], "agents": [
            {{"name": "polite", "status": {{"type": "stopped"}}}},
            {{"name": "stubborn", "status": {stubborn}}}]}}"#
    )
}

fn running() -> &'static str {
    r#"{"type": "running", "connectionStatus": {"type": "connected", "communicationStatus": {"type": "thinking"}}}"#
}

fn stopped() -> &'static str {
    r#"{"type": "stopped"}"#
}

fn not_found() -> TestResponse {
    TestResponse::json(404, r#"{"message": "Session not found"}"#)
}

/// Starts a server that does not respond to `DELETE`, and responds to every other request.
async fn stalling(response: TestResponse) -> TestServer {
    TestServer::with_responder(
        move |line| {
            if line.starts_with("DELETE") { TestResponse::Stall } else { response.clone() }
        },
    )
    .await
}

#[track_caller]
fn assert_names_stubborn(error: &ClientError, operation: &str) {
    assert_eq!(error.running_agents(), ["stubborn"]);
    assert_eq!(error.stage(), FailureStage::NoResponse);
    let text = error.to_string();
    assert!(text.starts_with(operation) && text.contains("timed out; still running: `stubborn` ("), "{text}");
}

#[tokio::test]
async fn closing_is_not_retried_after_a_timeout_and_names_running_agents() {
    let server = stalling(TestResponse::json(200, &state("executed", running()))).await;
    let error = impatient(&server).session("default", "s1").close().await.expect_err("a running agent");
    assert_names_stubborn(&error, "closing a session: ");
    assert_eq!(
        server.request_lines(),
        ["DELETE /api/v1/local/session/default/s1", "GET /api/v1/local/session/default/s1/extended"]
    );
}

#[tokio::test]
async fn a_session_that_is_closing_or_gone_after_a_timeout_is_closed() {
    for response in [TestResponse::json(200, &state("closing", stopped())), not_found()] {
        let server = stalling(response).await;
        impatient(&server).session("default", "s1").close().await.expect("closed");
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_gateway_timeout_is_a_timeout() {
    let executed = TestResponse::json(200, &state("executed", running()));
    let server = TestServer::with_responses([TestResponse::new(504, "", ""), executed]).await;
    let error = impatient(&server).session("default", "s1").close().await.expect_err("a running agent");
    assert_eq!(error.running_agents(), ["stubborn"]);
    assert_eq!(server.requests().len(), 2);
}

/// If the state cannot be read either, the error is that of the first request, after one attempt each.
#[tokio::test]
async fn an_unreadable_state_leaves_the_error_of_the_timeout() {
    let server = stalling(TestResponse::new(502, "", "")).await;
    let error = impatient(&server).session("default", "s1").close().await.expect_err("a timeout");
    assert_eq!((error.stage(), error.running_agents().len()), (FailureStage::NoResponse, 0));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn stopping_an_agent_is_not_retried_after_a_timeout() {
    let server = stalling(TestResponse::json(200, &state("executed", running()))).await;
    let stubborn = impatient(&server).session("default", "s1").puppet("stubborn");
    assert_names_stubborn(&stubborn.kill().await.expect_err("a running agent"), "stopping an agent: ");
    assert_eq!(server.requests().len(), 2);
    for response in [
        TestResponse::json(200, &state("executed", stopped())),
        TestResponse::json(200, &state("closing", running())),
        not_found(),
    ] {
        let server = stalling(response).await;
        impatient(&server).session("default", "s1").puppet("stubborn").kill().await.expect("stopped");
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn deleting_a_namespace_is_not_retried_after_a_timeout() {
    let sessions = format!("[{}, {}]", state("closing", stopped()), state("executed", running()));
    let server = stalling(TestResponse::json(200, &sessions)).await;
    let error = impatient(&server).delete_namespace("default").await.expect_err("a running agent");
    assert_names_stubborn(&error, "deleting a namespace: ");
    assert_eq!(
        server.request_lines(),
        ["DELETE /api/v1/local/namespace/default", "GET /api/v1/local/namespace/default/extended"]
    );
    let closing = format!("[{}]", state("closing", stopped()));
    let gone = TestResponse::json(404, r#"{"message": "Namespace \"default\" does not exist"}"#);
    for response in [TestResponse::json(200, &closing), gone] {
        let server = stalling(response).await;
        impatient(&server).delete_namespace("default").await.expect("deleted");
    }
}

#[tokio::test]
async fn an_empty_namespace_that_exists_after_a_timeout_is_not_deleted() {
    let server = stalling(TestResponse::json(200, "[]")).await;
    let error = impatient(&server).delete_namespace("default").await.expect_err("a timeout");
    assert_eq!((error.stage(), error.running_agents().len()), (FailureStage::NoResponse, 0));
}
