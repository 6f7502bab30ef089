use std::time::Duration;

use http::StatusCode;
use tokio::time::timeout;

use super::super::error::ClientError;
use super::super::key::ApiKey;
use super::super::path::RequestPath;
use super::super::transport::{HttpRequest, Transport};
use super::{KEY, Server, TestResponse};

fn call() -> HttpRequest {
    HttpRequest::get("asking", RequestPath::new("v1/thing"))
}

async fn refused(answer: TestResponse) -> ClientError {
    Server::saying(answer).await.transport().send(&call()).await.expect_err("a refusal")
}

/// The token of a request, as the server got it.
pub(super) fn token(head: &str) -> String {
    let line = head.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
    line.expect("a token").to_owned()
}

/// Every way to repeat the key.
pub(super) fn echoes(key: &str) -> [TestResponse; 8] {
    let escaped = key.replace('/', "%2F").replace(' ', "%20");
    let kind = "401 x\r\nContent-Type";
    [
        TestResponse::json(401, &format!(r#"{{"message": "no such key: {key}"}}"#)),
        TestResponse::json(401, &format!(r#"{{"message": "{}{key}"}}"#, "x".repeat(1990))),
        TestResponse::json(400, &format!(r#"{{"error": {{"message": "no", "type": "{key}", "param": "{key}"}}}}"#)),
        TestResponse::json(403, &format!(r#"{{"detail": "no", "code": "{key}", "request_id": "{key}"}}"#)),
        TestResponse::new(&format!("{kind}: text/plain"), format!("Bearer {key} is not known at /v1/{escaped}")),
        TestResponse::new(&format!("{kind}: text/plain\r\nX-Request-Id: {key}"), "no"),
        TestResponse::new(&format!("{kind}: text/{key}"), "no"),
        TestResponse::new(&format!("301 x\r\nLocation: https://{escaped}.example/{key}"), ""),
    ]
}

pub(super) fn shows_no_key(error: &ClientError) {
    let shown = format!("{error} {error:?}").to_lowercase();
    for part in [KEY, "the-key", "nobody-may-see"] {
        assert!(!shown.contains(part), "{shown}");
    }
}

#[tokio::test]
async fn a_key_that_the_server_repeats_is_not_shown() {
    for which in 0..echoes("").len() {
        let server = Server::to(move |head, _| echoes(&token(head))[which].clone()).await;
        let error = server.transport().send(&call()).await.expect_err("a refusal");
        shows_no_key(&error);
        assert!(format!("{error:?}").contains('…') || which == 1 || which == 7, "it was repeated: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_words_of_a_refusal_are_not_waited_for_for_ever() {
    let stalled = TestResponse::new("503 x\r\nContent-Length: 100", "{").lives(Duration::from_secs(10_000));
    let server = Server::saying(stalled).await;
    let mut transport = server.transport();
    transport.configure(|settings| settings.timeout = Duration::from_secs(5000));
    let error = timeout(Duration::from_secs(60), transport.send(&call())).await.expect("an end").expect_err("refused");
    assert_eq!((error.status(), error.server_message()), (Some(StatusCode::SERVICE_UNAVAILABLE), None));
}

#[tokio::test]
async fn a_header_is_sent_once_as_it_was_set_last() {
    let server = Server::saying(TestResponse::json(200, "{}")).await;
    let mut transport = server.transport();
    for (name, value) in [("x-org-id", "a"), ("x-other", "kept"), ("X-Org-Id", "b")] {
        transport.with_header(name, value);
    }
    transport.send(&call()).await.expect("an answer");
    let head = server.asked().remove(0).head.to_lowercase();
    let headers: Vec<&str> = head.lines().filter(|line| line.starts_with("x-o")).collect();
    assert_eq!(headers, ["x-other: kept", "x-org-id: b"]);
}

#[tokio::test]
async fn what_is_not_there_is_told_from_a_path_that_is_not() {
    let plain = |text: &str| TestResponse::new("404 x\r\nContent-Type: text/plain; charset=utf-8", text);
    for thing in ["session not found", "Session `s1` not found\n", "Not found: session s1"] {
        assert!(refused(plain(thing)).await.is_not_found(), "{thing}");
    }
    let of_paths =
        ["404 page not found\n", "Not Found", "404 Not Found", "Error 404: not found.", "default backend - 404"];
    for path in of_paths.into_iter().chain(["The requested URL /v1/thing was not found on this server."]) {
        assert!(!refused(plain(path)).await.is_not_found(), "{path}");
    }
    for of_the_api in ["", r#"{"message": "Not found"}"#, r#"{"error": {"type": "not_found_error", "message": "no"}}"#]
    {
        assert!(refused(TestResponse::json(404, of_the_api)).await.is_not_found(), "{of_the_api}");
    }
    let page = TestResponse::new("404 x\r\nContent-Type: text/html", "session not found");
    assert!(!refused(page).await.is_not_found(), "no API says it in HTML");
    let other = TestResponse::new("400 x\r\nContent-Type: text/plain", "session not found");
    assert!(!refused(other).await.is_not_found());
}

#[tokio::test]
async fn the_field_and_the_request_are_named() {
    let field =
        r#"{"type": "error", "request_id": "req_1", "error": {"type": "t", "message": "too long", "param": "events"}}"#;
    let named = [
        (TestResponse::json(400, field), "too long (400 Bad Request, field `events`, request req_1)"),
        (
            TestResponse::new("500 x\r\nX-Request-Id: r2", r#"{"message": "no"}"#),
            "no (500 Internal Server Error, request r2)",
        ),
        (
            TestResponse::new("401 x\r\nX-Request-Id: r3", r#"{"message": "no"}"#),
            "the server refused the key (401 Unauthorized, request r3): no",
        ),
        (TestResponse::new("403 x\r\nRequest-Id: r4", ""), "the server refused the key (403 Forbidden, request r4)"),
        (
            TestResponse::new("404 x\r\nX-Request-Id: r5", ""),
            "the server answered 404 Not Found and nothing else, request r5",
        ),
        (
            TestResponse::new("502 x\r\nContent-Type: text/html\r\nX-Request-Id: r6", "<html>"),
            "something other than the API answered 502 Bad Gateway (text/html, request r6)",
        ),
        (TestResponse::json(400, r#"{"message": "no"}"#), "no (400 Bad Request)"),
    ];
    for (answer, words) in named {
        assert_eq!(refused(answer).await.to_string(), format!("asking: {words}"));
    }
    let long = TestResponse::new(&format!("400 x\r\nX-Request-Id: {}", "r".repeat(5000)), "");
    assert_eq!(refused(long).await.request_id(), Some("r".repeat(200).as_str()));
}

#[tokio::test]
async fn an_empty_key_is_no_fault_of_coral_alone() {
    let error =
        Transport::new("http://127.0.0.1:9", "", Some(ApiKey::new(" "))).send(&call()).await.expect_err("no key");
    assert!(error.to_string().ends_with("the key: it is empty; the server refuses whoever has none"), "{error}");
}
