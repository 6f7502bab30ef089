//! Detection of the dialect that a server accepts.

use coral_tools::session::{MicroCents, SessionBudget};
use coral_tools::{Coral, Dialect, SessionRequest};
use http::StatusCode;
use serde_json::{Value, json};

use super::{KEY, TestResponse, TestServer, created, request};

fn unreachable() -> Coral {
    Coral::server("http://127.0.0.1:9", KEY).retries(0)
}

fn detecting_coral(server: &TestServer) -> Coral {
    Coral::server(server.url(), KEY).retries(0)
}

/// An OpenAPI document with the parts that distinguish the server versions.
fn document(paths: &[&str], schemas: &Value) -> TestResponse {
    let paths: serde_json::Map<_, _> = paths.iter().map(|path| ((*path).to_owned(), json!({}))).collect();
    TestResponse::json(
        200,
        &json!({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}).to_string(),
    )
}

fn document_since_1_1(tool_fields: &Value, request_fields: &Value) -> TestResponse {
    let schemas =
        json!({"GraphAgentTool": {"properties": tool_fields}, "SessionRequest": {"properties": request_fields}});
    document(&["/api/v1/local/session"], &schemas)
}

fn sent_body(server: &TestServer, index: usize) -> Value {
    serde_json::from_str(&server.requests()[index].body).expect("JSON")
}

fn body_in(dialect: Dialect) -> Value {
    request().to_json(dialect).expect("a body")
}

#[tokio::test]
async fn the_server_version_is_detected_once() {
    let flat = json!({"transport": {}, "inputSchema": {}, "outputSchema": {}});
    let cases = [
        (document_since_1_1(&flat, &json!({})), Dialect::Server1_2, "/api/v1/local/session"),
        (document_since_1_1(&flat, &json!({"budgetSettings": {}})), Dialect::Next, "/api/v1/local/session"),
        (
            document_since_1_1(&json!({"transport": {}, "schema": {}}), &json!({})),
            Dialect::Server1_1,
            "/api/v1/local/session",
        ),
        (document(&["/api/v1/sessions/{namespace}"], &json!({})), Dialect::Nested, "/api/v1/sessions/default"),
    ];
    for (document, dialect, path) in cases {
        let server = TestServer::with_responses([document, created(), created()]).await;
        let coral = detecting_coral(&server);
        let clone = coral.clone();
        coral.create_session(&request()).await.expect("a session");
        clone.create_session(&request()).await.expect("another");
        let post = format!("POST {path}");
        assert_eq!(server.request_lines(), ["GET /api_v1.json", &post, &post], "{dialect:?}");
        assert_eq!(sent_body(&server, 1), body_in(dialect), "{dialect:?}");
    }
}

#[tokio::test]
async fn concurrent_calls_share_the_detection() {
    let list = || TestResponse::json(200, "[]");
    let server = TestServer::with_responses([document_since_1_1(&json!({}), &json!({})), list(), list(), list()]).await;
    let coral = detecting_coral(&server);
    let (a, b, c) = tokio::join!(coral.namespaces(), coral.namespaces(), coral.namespaces());
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    let detections = server.request_lines().iter().filter(|line| *line == "GET /api_v1.json").count();
    assert_eq!(detections, 1);
}

#[tokio::test]
async fn coral_cloud_is_assumed_without_a_document() {
    for missing in [
        TestResponse::json(404, r#"{"message": "Not found"}"#),
        TestResponse::new(200, "", "<html>"),
        TestResponse::new(200, "Content-Type: text/html\r\n", "<html>"),
        TestResponse::json(200, "[]"),
    ] {
        let server = TestServer::with_responses([missing, created()]).await;
        detecting_coral(&server).create_session(&request()).await.expect("a session");
        assert_eq!(sent_body(&server, 1), body_in(Dialect::Cloud));
    }
}

const NOT_DECODED: &str =
    r#"{"message": "Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest"}"#;

#[tokio::test]
async fn a_form_that_is_not_understood_is_followed_by_the_next_and_that_is_remembered() {
    let missing = TestResponse::new(404, "", "");
    let server =
        TestServer::with_responses([missing, TestResponse::json(500, NOT_DECODED), created(), created()]).await;
    let coral = detecting_coral(&server);
    coral.create_session(&request()).await.expect("a session");
    coral.create_session(&request()).await.expect("another");
    assert_eq!(server.requests().len(), 4);
    let forms = [1, 2, 3].map(|i| sent_body(&server, i));
    assert_eq!(forms, [body_in(Dialect::Cloud), body_in(Dialect::Server1_2), body_in(Dialect::Server1_2)]);
}

#[tokio::test]
async fn only_guesses_try_a_second_dialect() {
    let missing = TestResponse::new(404, "", "");
    let not_decoded = || TestResponse::json(500, NOT_DECODED);
    let server = TestServer::with_responses([missing, not_decoded(), not_decoded(), created()]).await;
    detecting_coral(&server).create_session(&request()).await.expect_err("two dialects that cannot be decoded");
    assert_eq!(server.requests().len(), 3);

    let server = TestServer::with_responses([not_decoded(), created()]).await;
    detecting_coral(&server).dialect(Dialect::Cloud).create_session(&request()).await.expect_err("the dialect is set");
    assert_eq!(server.requests().len(), 1);

    let server =
        TestServer::with_responses([document_since_1_1(&json!({}), &json!({})), not_decoded(), created()]).await;
    detecting_coral(&server).create_session(&request()).await.expect_err("the dialect is described");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn other_errors_do_not_try_a_second_dialect() {
    let missing = TestResponse::new(404, "", "");
    let rejected = TestResponse::json(500, r#"{"message": "Agent graph contains duplicate agent names: {x=2}"}"#);
    let server = TestServer::with_responses([missing, rejected, created()]).await;
    detecting_coral(&server).create_session(&request()).await.expect_err("an invalid request");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_guess_supports_the_request() {
    let budget = SessionBudget::new().budget(MicroCents::dollars(5));
    let server = TestServer::with_responses([TestResponse::new(404, "", ""), created()]).await;
    let request: SessionRequest = request().budget(budget);
    detecting_coral(&server).create_session(&request).await.expect("a session");
    assert_eq!(sent_body(&server, 1), request.to_json(Dialect::Next).expect("only `Next` supports budgets"));
}

#[tokio::test]
async fn unknown_paths_of_the_guide_are_replaced_by_those_of_servers() {
    let state = r#"{"base": {"id": "s1", "status": {"type": "executed"}}, "agents": [], "threads": []}"#;
    for unknown in [TestResponse::new(404, "", ""), TestResponse::json(404, r#"{"message": "Not found"}"#)] {
        let server = TestServer::with_responses([
            TestResponse::new(404, "", ""),
            unknown,
            TestResponse::json(200, state),
            TestResponse::json(200, state),
        ])
        .await;
        let session = detecting_coral(&server).session("default", "s1");
        session.state().await.expect("a state");
        session.state().await.expect("again");
        let local = "GET /api/v1/local/session/default/s1/extended";
        assert_eq!(server.request_lines(), ["GET /api_v1.json", "GET /api/v1/session/default/s1", local, local]);
    }
}

#[tokio::test]
async fn a_missing_session_is_not_searched_on_other_paths() {
    let gone = TestResponse::json(404, r#"{"message": "Session not found"}"#);
    let server = TestServer::with_responses([TestResponse::new(404, "", ""), gone]).await;
    let error = detecting_coral(&server).session("default", "s1").state().await.expect_err("a missing session");
    assert_eq!((error.is_not_found(), server.requests().len()), (true, 2));
}

#[tokio::test]
async fn an_unreachable_server_is_an_error_of_the_detection() {
    let error = unreachable().create_session(&request()).await.expect_err("an unreachable server");
    assert!(error.to_string().starts_with("detecting the server version: request not sent"), "{error}");
}

#[tokio::test]
async fn the_detection_is_repeated_after_an_error() {
    let rejected_key = TestResponse::new(401, "", "");
    for (failure, status) in
        [(TestResponse::new(503, "", ""), 503), (rejected_key, 401), (TestResponse::new(500, "", ""), 500)]
    {
        let old = document_since_1_1(&json!({"transport": {}, "schema": {}}), &json!({}));
        let server = TestServer::with_responses([failure, old, created()]).await;
        let coral = detecting_coral(&server);
        let error = coral.create_session(&request()).await.expect_err("an error");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        coral.create_session(&request()).await.expect("a session");
        assert_eq!(sent_body(&server, 2), body_in(Dialect::Server1_1), "the document was read again");
    }
}

#[tokio::test]
async fn concurrent_calls_share_the_error_of_the_detection() {
    let server = TestServer::with_responses([TestResponse::new(503, "", "")]).await;
    let coral = detecting_coral(&server);
    let (a, b, c) = tokio::join!(coral.namespaces(), coral.namespaces(), coral.namespaces());
    assert!(
        [a, b, c]
            .iter()
            .all(|list| list.as_ref().is_err_and(|error| error.status() == Some(StatusCode::SERVICE_UNAVAILABLE)))
    );
    assert_eq!(server.request_lines(), ["GET /api_v1.json"]);
}

#[tokio::test]
async fn a_replaced_server_is_detected_again() {
    let flat = json!({"transport": {}, "inputSchema": {}});
    let (old, new) = (document_since_1_1(&json!({"schema": {}}), &json!({})), document_since_1_1(&flat, &json!({})));
    let server =
        TestServer::with_responses([old, created(), TestResponse::json(500, NOT_DECODED), new, created()]).await;
    let coral = detecting_coral(&server);
    coral.create_session(&request()).await.expect("a session");
    coral.create_session(&request()).await.expect_err("another version");
    coral.create_session(&request()).await.expect("a session");
    assert_eq!(sent_body(&server, 4), body_in(Dialect::Server1_2));
}

#[tokio::test]
async fn settings_that_cannot_be_decoded_are_sent_in_the_next_dialect() {
    let server = TestServer::with_responses([
        TestResponse::new(404, "", ""),
        TestResponse::json(500, NOT_DECODED),
        TestResponse::new(200, "", ""),
    ])
    .await;
    let settings = coral_tools::session::RuntimeSettings::new().hold_after_exit(std::time::Duration::from_secs(1));
    detecting_coral(&server).session("default", "s1").execute(&settings).await.expect("executed");
    assert_eq!(sent_body(&server, 2), settings.to_json(Dialect::Server1_2).expect("settings"));
}
