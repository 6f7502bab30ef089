//! Error responses without a server.

use http::header::{HeaderName, HeaderValue};

use super::*;

const JSON: (&str, &str) = ("content-type", "application/json");

fn response(status: u16, headers: &[(&'static str, &str)], body: &str) -> ErrorResponse {
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"))
    };
    let status = StatusCode::from_u16(status).expect("a status");
    ErrorResponse::new(status, &headers.iter().map(header).collect(), body.as_bytes(), None)
}

#[test]
fn messages_and_codes_are_found_in_every_form_of_body() {
    for (body, message, code) in [
        (r#"{"message": "no agent"}"#, Some("no agent"), None),
        (
            r#"{"title": "Conflict", "status": 409, "detail": "not waiting", "code": "busy"}"#,
            Some("not waiting"),
            Some("busy"),
        ),
        (r#"{"title": "Conflict", "status": 409}"#, Some("Conflict"), None),
        (r#"{"error": "no session"}"#, Some("no session"), None),
        (r#"{"error": {"code": "gone", "message": "no session"}}"#, Some("no session"), Some("gone")),
        (
            r#"{"type": "error", "error": {"type": "conflict_error", "message": "stale"}}"#,
            Some("stale"),
            Some("conflict_error"),
        ),
        (r#"{"error": {}}"#, None, None),
        ("[]", None, None),
        ("", None, None),
    ] {
        let response = response(409, &[JSON], body);
        assert_eq!((response.message(), response.code(), response.is_from_api()), (message, code, true), "{body}");
    }
}

#[test]
fn plain_text_is_a_message_and_html_is_not() {
    let plain = response(404, &[("content-type", "text/plain; charset=utf-8")], "404 page not found\n");
    assert_eq!(plain.message(), Some("404 page not found"));
    for content_type in ["text/html", "application/octet-stream"] {
        let page = response(502, &[("content-type", content_type)], "<html><body>Bad gateway</body></html>");
        assert_eq!((page.message(), page.is_from_api()), (None, false));
        let expected = format!("received 502 Bad Gateway ({content_type}), which is not a response of the API");
        assert_eq!(page.to_string(), expected);
    }
    let empty = response(500, &[], "");
    assert_eq!(empty.to_string(), "the server returned 500 Internal Server Error without an error message");
}

#[test]
fn the_request_id_is_read_from_headers_or_the_body() {
    let body = r#"{"request_id": "in the body"}"#;
    let all = [("request-id", "older"), ("x-request-id", "newer")];
    for (headers, id) in [(&all[..], "newer"), (&all[..1], "older"), (&[], "in the body")] {
        assert_eq!(response(500, headers, body).request_id(), Some(id));
    }
}

#[test]
fn retry_after_is_read_from_headers_or_the_body() {
    let seconds = |headers: &[(&'static str, &str)], body| {
        response(429, headers, body).retry_after().map(|delay| delay.as_secs_f64().round())
    };
    let body = r#"{"title": "Too many", "retry_after_seconds": 7}"#;
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(30));
    assert_eq!(seconds(&[("retry-after-ms", "3000"), ("retry-after", "5")], body), Some(3.0));
    assert_eq!(seconds(&[("retry-after-ms", "soon"), ("retry-after", "5")], body), Some(5.0));
    let delay = seconds(&[("retry-after", &date)], body).expect("a delay");
    assert!((20.0..=30.0).contains(&delay), "{delay}");
    assert_eq!(seconds(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], body), Some(0.0), "a past date");
    assert_eq!(seconds(&[("retry-after", "soon")], body), Some(7.0));
    assert_eq!((seconds(&[], "{}"), seconds(&[("retry-after", "-1")], "")), (None, None));
}

#[test]
fn x_should_retry_overrules_every_status_but_a_conflict() {
    let is_transient = |status, headers: &[(&'static str, &str)]| response(status, headers, "").is_transient();
    for status in [408, 429, 502, 503, 504] {
        assert!(is_transient(status, &[]), "{status}");
        assert!(!is_transient(status, &[("x-should-retry", "false")]), "{status}");
        assert!(!is_transient(status, &[("retry-after", "61")]), "{status}");
    }
    for status in [400, 404, 500] {
        assert!(!is_transient(status, &[]) && is_transient(status, &[("x-should-retry", "true")]), "{status}");
    }
    assert!(!is_transient(409, &[]) && !is_transient(409, &[("x-should-retry", "true")]));
    let is_safe_to_retry = |status| response(status, &[("x-should-retry", "true")], "").is_safe_to_retry();
    assert!(is_safe_to_retry(429) && !is_safe_to_retry(503), "the header does not make a request idempotent");
}
