use std::time::Duration;

use http::StatusCode;
use tokio::time::timeout;

use super::super::error::ClientError;
use super::super::key::ApiKey;
use super::super::path::RequestPath;
use super::super::transport::{HttpRequest, Transport};
use super::{KEY, TestResponse, TestServer};

fn request() -> HttpRequest {
    HttpRequest::get("testing", RequestPath::new("v1/thing"))
}

async fn error_of(response: TestResponse) -> ClientError {
    let server = TestServer::with_response(response).await;
    server.transport().send(&request()).await.expect_err("an error response")
}

/// Returns the API key in the head of a request.
pub(super) fn api_key(head: &str) -> String {
    let line = head.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
    line.expect("a key").to_owned()
}

/// Returns error responses that contain the key, in every place.
pub(super) fn responses_with_key(key: &str) -> [TestResponse; 8] {
    let escaped = key.replace('/', "%2F").replace(' ', "%20");
    let head = "401 x\r\nContent-Type";
    [
        TestResponse::json(401, &format!(r#"{{"message": "no such key: {key}"}}"#)),
        TestResponse::json(401, &format!(r#"{{"message": "{}{key}"}}"#, "x".repeat(1990))),
        TestResponse::json(400, &format!(r#"{{"error": {{"message": "no", "type": "{key}", "param": "{key}"}}}}"#)),
        TestResponse::json(403, &format!(r#"{{"detail": "no", "code": "{key}", "request_id": "{key}"}}"#)),
        TestResponse::new(&format!("{head}: text/plain"), format!("Bearer {key} is not known at /v1/{escaped}")),
        TestResponse::new(&format!("{head}: text/plain\r\nX-Request-Id: {key}"), "no"),
        TestResponse::new(&format!("{head}: text/{key}"), "no"),
        TestResponse::new(&format!("301 x\r\nLocation: https://{escaped}.example/{key}"), ""),
    ]
}

pub(super) fn assert_key_is_hidden(error: &ClientError) {
    let shown = format!("{error} {error:?}").to_lowercase();
    for part in [KEY, "the-key", "nobody-may-see"] {
        assert!(!shown.contains(part), "{shown}");
    }
}

#[tokio::test]
async fn a_key_in_an_error_response_is_redacted() {
    for which in 0..responses_with_key("").len() {
        let respond = move |head: &str, _| responses_with_key(&api_key(head))[which].clone();
        let server = TestServer::with_responder(respond).await;
        let error = server.transport().send(&request()).await.expect_err("an error response");
        assert_key_is_hidden(&error);
        assert!(format!("{error:?}").contains('…') || which == 1 || which == 7, "nothing was redacted: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn reading_the_body_of_an_error_response_has_a_timeout() {
    let stalled = TestResponse::new("503 x\r\nContent-Length: 100", "{").close_delay(Duration::from_secs(10_000));
    let server = TestServer::with_response(stalled).await;
    let mut transport = server.transport();
    transport.configure(|settings| settings.timeout = Duration::from_secs(5000));
    let sent = timeout(Duration::from_secs(60), transport.send(&request())).await;
    let error = sent.expect("in time").expect_err("an error response");
    assert_eq!((error.status(), error.server_message()), (Some(StatusCode::SERVICE_UNAVAILABLE), None));
}

#[tokio::test]
async fn the_last_value_of_a_header_replaces_earlier_ones() {
    let server = TestServer::with_response(TestResponse::json(200, "{}")).await;
    let mut transport = server.transport();
    for (name, value) in [("x-org-id", "a"), ("x-other", "kept"), ("X-Org-Id", "b")] {
        transport.with_header(name, value);
    }
    transport.send(&request()).await.expect("a response");
    let head = server.requests().remove(0).head.to_lowercase();
    let headers: Vec<&str> = head.lines().filter(|line| line.starts_with("x-o")).collect();
    assert_eq!(headers, ["x-other: kept", "x-org-id: b"]);
}

#[tokio::test]
async fn a_missing_object_is_distinguished_from_an_unknown_path() {
    let plain = |text: &str| TestResponse::new("404 x\r\nContent-Type: text/plain; charset=utf-8", text);
    for object in ["session not found", "Session `s1` not found\n", "Not found: session s1"] {
        assert!(error_of(plain(object)).await.is_not_found(), "{object}");
    }
    let paths =
        ["404 page not found\n", "Not Found", "404 Not Found", "Error 404: not found.", "default backend - 404"];
    for path in paths.into_iter().chain(["The requested URL /v1/thing was not found on this server."]) {
        assert!(!error_of(plain(path)).await.is_not_found(), "{path}");
    }
    for json in ["", r#"{"message": "Not found"}"#, r#"{"error": {"type": "not_found_error", "message": "no"}}"#] {
        assert!(error_of(TestResponse::json(404, json)).await.is_not_found(), "{json}");
    }
    let page = TestResponse::new("404 x\r\nContent-Type: text/html", "session not found");
    assert!(!error_of(page).await.is_not_found(), "APIs do not send HTML");
    let other = TestResponse::new("400 x\r\nContent-Type: text/plain", "session not found");
    assert!(!error_of(other).await.is_not_found());
}

#[tokio::test]
async fn errors_name_the_invalid_field_and_the_request_id() {
    let field =
        r#"{"type": "error", "request_id": "req_1", "error": {"type": "t", "message": "too long", "param": "events"}}"#;
    let cases = [
        (TestResponse::json(400, field), "too long (400 Bad Request, field `events`, request req_1)"),
        (
            TestResponse::new("500 x\r\nX-Request-Id: r2", r#"{"message": "no"}"#),
            "no (500 Internal Server Error, request r2)",
        ),
        (
            TestResponse::new("401 x\r\nX-Request-Id: r3", r#"{"message": "no"}"#),
            "the server rejected the API key (401 Unauthorized, request r3): no",
        ),
        (
            TestResponse::new("403 x\r\nRequest-Id: r4", ""),
            "the server rejected the API key (403 Forbidden, request r4)",
        ),
        (
            TestResponse::new("404 x\r\nX-Request-Id: r5", ""),
            "the server returned 404 Not Found without an error message, request r5",
        ),
        (
            TestResponse::new("502 x\r\nContent-Type: text/html\r\nX-Request-Id: r6", "<html>"),
            "received 502 Bad Gateway (text/html, request r6), which is not a response of the API",
        ),
        (TestResponse::json(400, r#"{"message": "no"}"#), "no (400 Bad Request)"),
    ];
    for (response, expected) in cases {
        assert_eq!(error_of(response).await.to_string(), format!("testing: {expected}"));
    }
    let long = TestResponse::new(&format!("400 x\r\nX-Request-Id: {}", "r".repeat(5000)), "");
    assert_eq!(error_of(long).await.request_id(), Some("r".repeat(200).as_str()));
}

#[tokio::test]
async fn an_empty_key_is_an_error_before_anything_is_sent() {
    let transport = Transport::new("http://127.0.0.1:9", "", Some(ApiKey::new(" ")));
    let error = transport.send(&request()).await.expect_err("an empty key");
    assert!(error.to_string().ends_with("API key: it is empty; the server rejects requests without a key"), "{error}");
}
