//! Retries, and requests that are never retried.

use std::time::Duration;

use coral_tools::client::FailureStage;
use coral_tools::{Coral, Dialect};
use http::StatusCode;

use super::{KEY, TestResponse, TestServer, created, request};

fn retrying(server: &TestServer) -> Coral {
    Coral::server(server.url(), KEY).dialect(Dialect::Server1_2).retries(3)
}

fn state() -> TestResponse {
    TestResponse::json(200, r#"{"base": {"id": "s1", "status": {"type": "executed"}}, "agents": [], "threads": []}"#)
}

#[tokio::test]
async fn reads_are_retried_until_they_succeed() {
    for transient in [
        TestResponse::Disconnect,
        TestResponse::new(502, "", "<html>"),
        TestResponse::new(503, "Retry-After: 0\r\n", ""),
    ] {
        let server = TestServer::with_responses([transient.clone(), transient, state()]).await;
        let state = retrying(&server).session("default", "s1").state().await.expect("a state");
        assert_eq!(state.id, "s1");
        assert_eq!(server.requests().len(), 3);
    }
}

#[tokio::test]
async fn the_number_of_retries_is_limited() {
    let server = TestServer::with_responses(vec![TestResponse::new(503, "", ""); 9]).await;
    let error = retrying(&server).retries(2).session("default", "s1").state().await.expect_err("an error");
    assert_eq!((error.status(), server.requests().len()), (Some(StatusCode::SERVICE_UNAVAILABLE), 3));
    assert!(error.is_retryable(), "it is still transient");
}

#[tokio::test]
async fn permanent_errors_are_not_retried() {
    for response in [
        TestResponse::json(500, r#"{"message": "An operation is not implemented."}"#),
        TestResponse::new(401, "", ""),
        TestResponse::json(404, r#"{"message": "Session not found"}"#),
        TestResponse::json(200, "[]"),
        TestResponse::new(503, "Retry-After: 3600\r\n", ""),
    ] {
        let server = TestServer::with_responses([response, state()]).await;
        let error = retrying(&server).session("default", "s1").state().await.expect_err("an error");
        assert_eq!(server.requests().len(), 1, "{error}");
    }
}

/// A retry could create a second session.
#[tokio::test]
async fn creating_a_session_is_not_retried_if_it_may_have_succeeded() {
    for response in [
        TestResponse::Disconnect,
        TestResponse::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()),
        TestResponse::new(408, "", ""),
        TestResponse::new(500, "", ""),
        TestResponse::new(502, "Content-Type: text/html\r\n", "<html>"),
        TestResponse::new(503, "Retry-After: 0\r\n", ""),
        TestResponse::new(504, "", ""),
        TestResponse::json(200, "{}"),
    ] {
        let server = TestServer::with_responses([response.clone(), created()]).await;
        let error = retrying(&server).create_session(&request()).await.expect_err("an error");
        assert_eq!(server.requests().len(), 1, "{error}");
        assert!(!error.is_retryable(), "{error}");
    }
}

#[tokio::test]
async fn creating_a_session_is_retried_if_it_certainly_failed() {
    let server = TestServer::with_responses([TestResponse::new(429, "Retry-After: 0\r\n", ""), created()]).await;
    let session = retrying(&server).create_session(&request()).await.expect("a session");
    assert_eq!((session.id(), server.requests().len()), ("s1", 2));
}

#[tokio::test]
async fn closing_succeeds_if_an_earlier_attempt_has_closed_the_session() {
    let gone = TestResponse::json(404, r#"{"message": "Session not found"}"#);
    let server = TestServer::with_responses([TestResponse::Disconnect, gone.clone()]).await;
    retrying(&server).session("default", "s1").close().await.expect("closed");
    assert_eq!(server.request_lines(), ["DELETE /api/v1/local/session/default/s1"; 2]);

    let server = TestServer::with_responses([gone]).await;
    let error = retrying(&server).session("default", "s1").close().await.expect_err("a missing session");
    assert!(error.is_not_found());
}

#[tokio::test]
async fn sending_a_message_is_not_retried() {
    let server = TestServer::with_responses([TestResponse::Disconnect, created()]).await;
    let puppet = retrying(&server).session("default", "s1").puppet("user");
    let error = puppet.send_message("t1", "Hello", ["writer"]).await.expect_err("a disconnect");
    assert_eq!((error.stage(), server.requests().len()), (FailureStage::NoResponse, 1));
}

#[tokio::test]
async fn retry_after_delays_a_retry() {
    let server = TestServer::with_responses([TestResponse::new(503, "Retry-After: 1\r\n", ""), state()]).await;
    retrying(&server).session("default", "s1").state().await.expect("a state");
    let requests = server.requests();
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(1));
}

#[tokio::test]
async fn requests_of_a_puppet_are_not_retried_except_for_kill() {
    let server = TestServer::with_responses([TestResponse::Disconnect, TestResponse::Disconnect]).await;
    let puppet = retrying(&server).session("default", "s1").puppet("user");
    puppet.close_thread("t1", "Done").await.expect_err("a disconnect");
    puppet.remove_participant("t1", "writer").await.expect_err("a disconnect");
    assert_eq!(server.requests().len(), 2);

    let gone = TestResponse::json(404, r#"{"message": "Agent not found"}"#);
    let server = TestServer::with_responses([TestResponse::Disconnect, gone]).await;
    retrying(&server).session("default", "s1").puppet("user").kill().await.expect("stopped by the first attempt");
}

#[tokio::test]
async fn a_message_is_sent_as_parts_if_the_server_cannot_decode_text() {
    let not_decoded = TestResponse::json(
        500,
        r#"{"message": "Failed to convert request body to class org.coralprotocol.coralserver.routes.SendMessageInput"}"#,
    );
    let sent = TestResponse::json(200, r#"{"message": {"id": "m1", "content": [{"type": "text", "text": "Hello"}]}}"#);
    let server = TestServer::with_responses([not_decoded, sent]).await;
    let puppet = retrying(&server).session("default", "s1").puppet("user");
    let message = puppet.send_message("t1", "Hello", ["writer"]).await.expect("sent");
    assert_eq!(message.text(), "Hello");
    assert!(server.requests()[1].body.contains(r#""content":[{"type":"text","text":"Hello"}]"#));
}
