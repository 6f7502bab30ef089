//! Errors of requests: their stage, status, message and text.

use std::error::Error;
use std::time::Duration;

use coral_tools::client::{FailureStage, LogFilter};
use coral_tools::session::RuntimeSettings;
use coral_tools::{BuildError, ClientError, Coral, DecodeError, Dialect};
use futures_util::StreamExt;
use http::StatusCode;
use serde_json::json;

use super::{KEY, TestResponse, TestServer, coral, created, request};

/// Follows the message of a server that may expect another dialect than that of the test's client.
const DIALECT_HINT: &str = "; the client is configured with `Dialect::Server1_2`, which this server may not accept; without it, the \
                            dialect is detected";

async fn error_of(response: TestResponse) -> ClientError {
    let server = TestServer::with_responses([response]).await;
    let error = coral(&server).create_session(&request()).await.expect_err("an error");
    assert_eq!(server.request_lines(), ["POST /api/v1/local/session"], "{error}");
    assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
    error
}

#[tokio::test]
async fn the_message_of_coral_is_part_of_the_error() {
    for message in [
        "Agent graph contains duplicate agent names: {x=2}",
        "Agent graph groups contain missing agents: [y]",
        "Agent x contains custom tools that were not provided : [z]",
        "Agent 'x' not found in any of the 1 registry sources matching 'local'",
        "Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest",
        "An operation is not implemented.",
    ] {
        let error = error_of(TestResponse::json(500, &format!("{{\n    \"message\": \"{message}\"\n}}"))).await;
        assert_eq!(
            (error.stage(), error.status()),
            (FailureStage::ErrorResponse, Some(StatusCode::INTERNAL_SERVER_ERROR))
        );
        assert_eq!(error.server_message(), Some(message));
        let hint = if message.starts_with("Failed to convert") { DIALECT_HINT } else { "" };
        assert_eq!(error.to_string(), format!("creating a session: {message} (500 Internal Server Error){hint}"));
        assert!(!error.is_retryable(), "Coral returns 500 for invalid requests");
    }
}

#[tokio::test]
async fn a_missing_namespace_is_not_found() {
    let error = error_of(TestResponse::json(404, r#"{"message": "Namespace not found"}"#)).await;
    assert!(error.is_not_found());
    assert_eq!((error.stage(), error.server_message()), (FailureStage::ErrorResponse, Some("Namespace not found")));
}

#[tokio::test]
async fn the_error_of_a_rejected_key_does_not_contain_the_key() {
    let error = error_of(TestResponse::new(401, "WWW-Authenticate: Bearer\r\n", "")).await;
    assert_eq!(
        (error.stage(), error.status(), error.server_message()),
        (FailureStage::KeyRejected, Some(StatusCode::UNAUTHORIZED), None)
    );
    assert_eq!(error.to_string(), "creating a session: the server rejected the API key (401 Unauthorized)");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_404_without_a_body_is_not_found() {
    let error = error_of(TestResponse::new(404, "", "")).await;
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        format!("creating a session: the server returned 404 Not Found without an error message{DIALECT_HINT}")
    );
}

#[tokio::test]
async fn responses_of_gateways_are_distinguished_from_those_of_coral() {
    let page = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>";
    let error = error_of(TestResponse::new(502, "Content-Type: text/html\r\n", page)).await;
    assert_eq!(
        (error.stage(), error.status(), error.server_message()),
        (FailureStage::ErrorResponse, Some(StatusCode::BAD_GATEWAY), None)
    );
    assert_eq!(
        error.to_string(),
        "creating a session: received 502 Bad Gateway (text/html), which is not a response of the API; the server may have executed the request"
    );
    assert!(!error.is_retryable(), "the server may have created a session");

    let missing = error_of(TestResponse::new(404, "Content-Type: text/html\r\n", "<h1>404</h1>")).await;
    assert!(!missing.is_not_found(), "a proxy does not know the session");
    let missing = error_of(TestResponse::new(404, "Content-Type: text/plain\r\n", "404 page not found\n")).await;
    assert!(!missing.is_not_found(), "a router does not know the session");
    assert_eq!(missing.server_message(), Some("404 page not found"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TestServer::with_responses([created()]).await;
    let location = format!("Location: {}/api/v1/local/session?token=secret\r\n", elsewhere.url());
    let error = error_of(TestResponse::new(307, &location, "")).await;
    assert_eq!((error.stage(), error.status()), (FailureStage::ErrorResponse, Some(StatusCode::TEMPORARY_REDIRECT)));
    assert!(error.to_string().contains("where the API key is not sent"), "{error}");
    assert!(!error.to_string().contains("token=secret"), "{error}");
    assert_eq!(elsewhere.request_lines(), [""; 0]);
}

#[tokio::test]
async fn a_broken_connection_leaves_the_outcome_unknown() {
    let half = TestResponse::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n{\"namespace\"".to_vec());
    for response in [TestResponse::Disconnect, half] {
        let error = error_of(response).await;
        assert_eq!((error.stage(), error.status()), (FailureStage::NoResponse, None));
        assert!(error.to_string().contains("the server may have executed the request"), "{error}");
        assert!(!error.is_retryable());
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn a_request_times_out() {
    let server = TestServer::with_responses([TestResponse::Stall]).await;
    let coral = coral(&server).timeout(Duration::from_millis(50));
    let error = coral.create_session(&request()).await.expect_err("a timeout");
    assert_eq!(error.stage(), FailureStage::NoResponse);
    assert!(!error.is_retryable());
    let error = coral.session("default", "s1").state().await.expect_err("a disconnect");
    assert!(error.is_retryable(), "reading is idempotent");
}

#[tokio::test]
async fn a_request_to_an_unreachable_server_is_not_sent() {
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let url = format!("http://{port}");
    let error =
        Coral::server(&url, KEY).retries(0).create_session(&request()).await.expect_err("an unreachable server");
    assert_eq!(error.stage(), FailureStage::NotSent);
    assert!(error.is_retryable());
    assert!(error.to_string().contains(&format!("cannot connect to {url}")), "{error}");
}

#[tokio::test]
async fn a_response_that_cannot_be_decoded_is_an_error_with_a_location() {
    let error = error_of(TestResponse::json(200, r#"{"namespace": "default", "sessionId": 7}"#)).await;
    assert_eq!((error.stage(), error.status()), (FailureStage::InvalidResponse, None));
    assert_eq!(error.decode_error().map(DecodeError::location), Some("sessionId"));
    assert!(!error.is_retryable(), "the session was created");

    let state = r#"{"base": {"id": "s1"}, "agents": [], "threads": [{"id": "t", "messages": [{"id": 1}]}]}"#;
    let server = TestServer::with_responses([TestResponse::json(200, state)]).await;
    let error = coral(&server).session("default", "s1").state().await.expect_err("a malformed state");
    assert_eq!(error.decode_error().map(DecodeError::location), Some("threads[0].messages[0].id"));
}

#[tokio::test]
async fn a_page_with_a_successful_status_is_reported_as_such() {
    for (content_type, page) in [
        ("Content-Type: text/html; charset=utf-8\r\n", "<html>welcome</html>"),
        ("Content-Type: TEXT/HTML\r\n", ""),
        ("", "\n<!DOCTYPE html><title>welcome</title>"),
    ] {
        let page = TestResponse::new(200, content_type, page);
        let error = error_of(page.clone()).await;
        assert_eq!((error.stage(), error.status()), (FailureStage::InvalidResponse, None));
        assert_eq!(
            error.to_string(),
            "creating a session: received a page of HTML (200 OK), which is not a response of the API; check the server's URL; \
             the server may have executed the request"
        );
        let server = TestServer::with_responses([page]).await;
        let error = coral(&server).session("default", "s1").close().await.expect_err("not closed");
        assert_eq!(error.stage(), FailureStage::InvalidResponse);
    }
}

/// A `main` that returns an error prints it with `Debug`.
#[tokio::test]
async fn an_error_of_main_reads_like_a_sentence() {
    let rejected = error_of(TestResponse::json(500, r#"{"message": "An operation is not implemented."}"#)).await;
    assert_eq!(
        format!("{rejected:?}"),
        "creating a session: An operation is not implemented. (500 Internal Server Error)"
    );
    let server = TestServer::with_responses([]).await;
    let invalid = coral(&server).create_session(&request().ttl(Duration::ZERO)).await.expect_err("invalid");
    let undecoded = error_of(TestResponse::json(200, "[]")).await;
    let disconnected = error_of(TestResponse::Disconnect).await;
    let page = error_of(TestResponse::new(200, "", "<html>")).await;
    for error in [rejected, invalid, undecoded, disconnected, page] {
        assert_eq!(format!("{error:?}"), error.to_string());
    }
    let decode_error = coral_tools::from_json::<coral_tools::state::SessionState>(b"[]").expect_err("not a state");
    assert_eq!(format!("{decode_error:?}"), decode_error.to_string());
}

const NOT_DECODED: &str =
    r#"{"message": "Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest"}"#;

/// As measured: coral-server 1.2 returns 500 for the dialects `Cloud` and `Server1_1`, and 404 for the path of `Nested`.
#[tokio::test]
async fn an_error_of_a_server_that_expects_another_dialect_names_the_configured_one() {
    for (dialect, response) in [
        (Dialect::Server1_1, TestResponse::json(500, NOT_DECODED)),
        (Dialect::Cloud, TestResponse::json(500, NOT_DECODED)),
        (Dialect::Nested, TestResponse::new(404, "", "")),
    ] {
        let server = TestServer::with_responses([response]).await;
        let error = coral(&server).dialect(dialect).create_session(&request()).await.expect_err("another dialect");
        let expected =
            format!("; the client is configured with `Dialect::{dialect:?}`, which this server may not accept");
        assert!(error.to_string().contains(&expected), "{error}");
    }
    let server = TestServer::with_responses([TestResponse::json(500, NOT_DECODED)]).await;
    let error = coral(&server).session("default", "s1").execute(&RuntimeSettings::new()).await.expect_err("an error");
    assert!(error.to_string().contains("configured with `Dialect::Server1_2`"), "{error}");
}

#[tokio::test]
async fn an_error_of_a_request_with_extra_fields_names_one() {
    let document = r#"{"paths": {"/api/v1/local/session": {}}}"#;
    let server =
        TestServer::with_responses([TestResponse::json(200, document), TestResponse::json(500, NOT_DECODED)]).await;
    let detecting = Coral::server(server.url(), KEY).retries(0);
    let error = detecting.create_session(&request().extra("colour", "blue")).await.expect_err("an extra field");
    assert!(error.to_string().contains("; the request contains `colour`, an extra field"), "{error}");
}

#[tokio::test]
async fn errors_of_a_session_contain_its_id_as_a_value() {
    let failed = || TestResponse::json(500, r#"{"message": "An operation is not implemented."}"#);
    let server = TestServer::with_responses([created(), failed()]).await;
    let error = coral(&server).create_session_with(&request(), |_| ()).await.expect_err("not executed");
    assert_eq!(error.session_id(), Some("s1"));

    let server = TestServer::with_responder(move |_| failed()).await;
    let session = coral(&server).max_outage(Duration::ZERO).session("default", "s1");
    let puppet = session.puppet("user");
    for error in [
        session.state().await.expect_err("an error"),
        session.base_state().await.expect_err("an error"),
        session.close().await.expect_err("an error"),
        puppet.kill().await.expect_err("an error"),
        puppet.close_thread("t1", "Done").await.expect_err("an error"),
        session.events().next().await.expect("an item").expect_err("an error"),
    ] {
        assert_eq!(error.session_id(), Some("s1"), "{error}");
    }
    assert_eq!(error_of(TestResponse::new(404, "", "")).await.session_id(), None, "no session was created");
}

#[tokio::test]
async fn an_unknown_agent_type_is_distinguished() {
    for (message, is_unknown) in [
        ("Agent 'predictor' not found in any of the 6 registry sources matching 'local'", true),
        ("No registry sources for 'marketplace' found", true),
        ("Agent x contains custom tools that were not provided : [z]", false),
    ] {
        let error = error_of(TestResponse::json(500, &json!({"message": message}).to_string())).await;
        assert_eq!(error.is_unknown_agent(), is_unknown, "{message}");
        assert_eq!(error.gateway_status(), StatusCode::BAD_GATEWAY);
    }
}

#[tokio::test]
async fn errors_have_the_status_of_a_gateway() {
    for (response, expected) in [
        (TestResponse::json(500, NOT_DECODED), 502),
        (TestResponse::new(401, "", ""), 502),
        (TestResponse::json(404, r#"{"message": "Namespace not found"}"#), 502),
        (TestResponse::json(200, "[]"), 502),
        (TestResponse::new(200, "", "<html>"), 502),
        (TestResponse::Disconnect, 502),
        (TestResponse::new(429, "", ""), 503),
        (TestResponse::new(503, "", ""), 503),
        (TestResponse::new(408, "", ""), 504),
        (TestResponse::new(504, "", ""), 504),
    ] {
        let error = error_of(response).await;
        assert_eq!(error.gateway_status().as_u16(), expected, "{error}");
    }
    let server = TestServer::with_responses([TestResponse::Stall]).await;
    let stalled = coral(&server).timeout(Duration::from_millis(50)).create_session(&request()).await;
    assert_eq!(stalled.expect_err("a timeout").gateway_status(), StatusCode::GATEWAY_TIMEOUT);
    let invalid = coral(&server).create_session(&request().ttl(Duration::ZERO)).await;
    assert_eq!(invalid.expect_err("invalid").gateway_status(), StatusCode::INTERNAL_SERVER_ERROR);
    let unreachable = Coral::server("http://127.0.0.1:9", KEY).retries(0).namespaces().await;
    assert_eq!(unreachable.expect_err("unreachable").gateway_status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn all_problems_of_a_request_are_reported_before_it_is_sent() {
    let server = TestServer::with_responses([]).await;
    let invalid = request().group(["writer", "reader"]).ttl(Duration::ZERO).annotation("a", "b");
    let error = coral(&server).create_session(&invalid).await.expect_err("an invalid request");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    let errors = error.build_errors().expect("the problems");
    let subjects: Vec<_> = errors.iter().map(BuildError::subject).collect();
    assert_eq!(subjects, ["group 1", "ttl"]);
    assert!(error.to_string().contains("`reader` is not an agent of this session"), "{error}");
    assert_eq!(server.request_lines(), [""; 0]);
}

#[tokio::test]
async fn an_invalid_url_key_or_name_is_reported_before_anything_is_sent() {
    let url = TestServer::with_responses([]).await.url();
    for (coral, expected) in [
        (Coral::server("localhost:5555", KEY), "it must begin with `http://`"),
        (Coral::server("coral", KEY), "not an absolute URL"),
        (Coral::server("http://user:hunter2@127.0.0.1", KEY), "a user or password"),
        (Coral::server("http://127.0.0.1?x=1", KEY), "a query"),
        (Coral::server(&url, " "), "it is empty"),
        (Coral::server(&url, "a\nb"), "not allowed in an HTTP header"),
    ] {
        let error = coral.namespaces().await.expect_err(expected);
        assert_eq!(error.stage(), FailureStage::InvalidRequest, "{error}");
        assert!(error.to_string().contains(expected) && !error.to_string().contains("hunter2"), "{error}");
    }
    for name in ["", ".", ".."] {
        let error = Coral::server(&url, KEY).dialect(Dialect::Server1_2);
        let error = error.session(name, "s1").state().await.expect_err("an invalid name");
        assert_eq!(error.stage(), FailureStage::InvalidRequest, "{error}");
    }
}

#[tokio::test]
async fn messages_are_cut_and_control_characters_removed() {
    let long = format!(r#"{{"message": "\u0007{}"}}"#, "x".repeat(10_000));
    let error = error_of(TestResponse::json(400, &long)).await;
    assert_eq!(error.server_message(), Some("x".repeat(2000).as_str()), "without the control character");
    let error = error_of(TestResponse::json(400, r#"{"message": {"no": "text"}}"#)).await;
    assert_eq!(error.server_message(), None);
}

/// Each call ends with a state or an error, without the key, in limited time and memory.
#[tokio::test]
async fn mutated_responses_are_states_or_errors() {
    let seed = fastrand::u64(..);
    let mut rng = fastrand::Rng::with_seed(seed);
    let body = r#"{"base": {"id": "s1", "status": {"type": "executed"}}, "agents": [], "threads": []}"#;
    let TestResponse::Bytes(valid) = TestResponse::json(200, body) else { unreachable!("bytes") };
    let server = TestServer::with_responder(move |_| {
        let mut bytes = valid.clone();
        for _ in 0..rng.usize(1..6) {
            let at = rng.usize(0..bytes.len());
            match rng.u8(0..4) {
                0 => bytes[at] = rng.u8(..),
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, *rng.choice(b"\r\n:{}[]\"0 ").unwrap_or(&0)),
                _ => _ = bytes.remove(at),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        TestResponse::Bytes(bytes)
    })
    .await;
    let coral = coral(&server).timeout(Duration::from_secs(5));
    let session = coral.session("default", "s1");
    for _ in 0..400 {
        let state = tokio::time::timeout(Duration::from_secs(10), session.state());
        if let Err(error) = state.await.unwrap_or_else(|_| panic!("timed out; seed {seed}")) {
            assert!(!format!("{error} {error:?}").contains(KEY), "seed {seed}");
        }
    }
}

/// The path of a websocket contains the key, and servers may repeat the path.
#[tokio::test]
async fn errors_of_websockets_do_not_contain_the_key() {
    let location = format!("Location: https://elsewhere.example/ws/v1/logs/{KEY}?limit=1\r\n");
    let message = format!(r#"{{"message": "Cannot GET /ws/v1/logs/{KEY}", "code": "{KEY}"}}"#);
    for response in [TestResponse::new(301, &location, ""), TestResponse::json(400, &message)] {
        let server = TestServer::with_responses([response]).await;
        let error = coral(&server).logs(&LogFilter::new()).next().await.expect("an item").expect_err("an error");
        assert!(!format!("{error} {error:?} {:?}", error.server_message()).contains(KEY), "{error:?}");
        let expected =
            ["redirects to https://elsewhere.example (301 Moved Permanently), where", "Cannot GET /ws/v1/logs/… (400"];
        assert!(expected.iter().any(|expected| error.to_string().contains(expected)), "{error}");
    }
}
