//! Every way to say no, without a server.

use http::header::{HeaderName, HeaderValue};

use super::*;

const JSON: (&str, &str) = ("content-type", "application/json");

fn said(status: u16, headers: &[(&'static str, &str)], body: &str) -> ErrorResponse {
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"))
    };
    let status = StatusCode::from_u16(status).expect("a status");
    ErrorResponse::new(status, &headers.iter().map(header).collect(), body.as_bytes(), None)
}

#[test]
fn the_sentence_and_the_code_are_found_wherever_they_are() {
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
        let said = said(409, &[JSON], body);
        assert_eq!((said.message(), said.code(), said.is_of_the_api()), (message, code, true), "{body}");
    }
}

#[test]
fn text_is_a_sentence_and_a_page_is_none() {
    let plain = said(404, &[("content-type", "text/plain; charset=utf-8")], "404 page not found\n");
    assert_eq!(plain.message(), Some("404 page not found"));
    for kind in ["text/html", "application/octet-stream"] {
        let page = said(502, &[("content-type", kind)], "<html><body>Bad gateway</body></html>");
        assert_eq!((page.message(), page.is_of_the_api()), (None, false));
        assert_eq!(page.to_string(), format!("something other than the API answered 502 Bad Gateway ({kind})"));
    }
    assert_eq!(said(500, &[], "").to_string(), "the server answered 500 Internal Server Error and nothing else");
}

#[test]
fn the_request_has_an_id_in_a_header_or_in_the_body() {
    let body = r#"{"request_id": "in the body"}"#;
    let all = [("request-id", "older"), ("x-request-id", "newer")];
    for (headers, id) in [(&all[..], "newer"), (&all[..1], "older"), (&[], "in the body")] {
        assert_eq!(said(500, headers, body).request_id(), Some(id));
    }
}

#[test]
fn a_server_says_in_four_ways_how_long_to_leave_it_alone() {
    let seconds = |headers: &[(&'static str, &str)], body| {
        said(429, headers, body).retry_after().map(|wait| wait.as_secs_f64().round())
    };
    let body = r#"{"title": "Too many", "retry_after_seconds": 7}"#;
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(30));
    assert_eq!(seconds(&[("retry-after-ms", "3000"), ("retry-after", "5")], body), Some(3.0));
    assert_eq!(seconds(&[("retry-after-ms", "soon"), ("retry-after", "5")], body), Some(5.0));
    let wait = seconds(&[("retry-after", &date)], body).expect("a wait");
    assert!((20.0..=30.0).contains(&wait), "{wait}");
    assert_eq!(seconds(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], body), Some(0.0), "by now");
    assert_eq!(seconds(&[("retry-after", "soon")], body), Some(7.0));
    assert_eq!((seconds(&[], "{}"), seconds(&[("retry-after", "-1")], "")), (None, None));
}

#[test]
fn the_server_knows_better_what_may_pass_but_for_conflicts() {
    let may_pass = |status, headers: &[(&'static str, &str)]| said(status, headers, "").may_pass();
    for status in [408, 429, 502, 503, 504] {
        assert!(may_pass(status, &[]), "{status}");
        assert!(!may_pass(status, &[("x-should-retry", "false")]), "{status}");
        assert!(!may_pass(status, &[("retry-after", "61")]), "{status}");
    }
    for status in [400, 404, 500] {
        assert!(!may_pass(status, &[]) && may_pass(status, &[("x-should-retry", "true")]), "{status}");
    }
    assert!(!may_pass(409, &[]) && !may_pass(409, &[("x-should-retry", "true")]));
    let unsafe_to_repeat = |status| said(status, &[("x-should-retry", "true")], "").was_not_done();
    assert!(unsafe_to_repeat(429) && !unsafe_to_repeat(503), "a wish of the server's does not make it safe");
}
