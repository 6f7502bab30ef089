//! Tests of the tools, with the harness, and of the output.

use std::time::Duration;

use coral_tools::testing::{CoralCaller, Harness};
use coral_tools::{Coral, Secret, from_json};
use serde_json::json;
use tokio::time::timeout;

use crate::application::{App, Secrets, router, tools};
use crate::calls::{REPORT, rejected_calls};
use crate::screen::Screen;
use crate::serve::SESSION;
use crate::sessions::Report;
use crate::tools::{Receipt, find_time_zones, submit_report};
use crate::{atlas, checks, demonstrate, layout};

/// The application, with one session that it has created.
fn app() -> App {
    let app = App::new().expect("a valid data file");
    app.sessions.register(SESSION);
    app
}

fn secrets() -> Secrets {
    Secrets { custom_tools: Secret::new("secret"), session_end: Secret::new("another secret") }
}

fn harness() -> Harness {
    Harness::new(&tools(), app()).in_session(SESSION)
}

fn search(country: Option<&str>, text: Option<&str>, utc_offset: Option<f64>) -> find_time_zones {
    find_time_zones { country: country.map(Into::into), text: text.map(Into::into), utc_offset, limit: 50 }
}

async fn names(search: find_time_zones) -> Vec<String> {
    let found: atlas::ZoneList = harness().call(search).await.value().expect("zones");
    found.zones.into_iter().map(|zone| zone.name).collect()
}

#[tokio::test]
async fn the_demonstration_succeeds() {
    let result = timeout(Duration::from_secs(60), demonstrate(&mut Screen::new())).await.expect("in time");
    assert!(result.expect("no error"), "the output shows the failed step");
}

#[tokio::test]
async fn a_report_is_stored() {
    let app = app();
    let harness = Harness::new(&tools(), app.clone()).in_session(SESSION);
    let report = submit_report { title: "Q4".into(), content: "# Done".into() };
    let receipt = Receipt { success: true, report_id: "report-1".into() };
    assert_eq!(harness.call(report).await.value(), Ok(receipt));
    let stored = app.sessions.wait_for_report(SESSION).await;
    assert_eq!(stored, Some(Report { title: "Q4".into(), content: "# Done".into() }));
}

#[tokio::test]
async fn a_report_of_an_unknown_session_is_rejected() {
    let response = harness().in_session("unknown").call(("submit_report", json!({"title": "x", "content": "x"}))).await;
    assert_eq!((response.status(), response.error()), (Some(400), Some("Invalid session")));
}

#[tokio::test]
async fn zones_are_found_by_each_criterion_and_by_all() {
    assert_eq!(names(search(Some("nz"), None, None)).await, ["Pacific/Auckland", "Pacific/Chatham"]);
    assert_eq!(names(search(None, Some("buenos aires"), None)).await, ["America/Argentina/Buenos_Aires"]);
    assert_eq!(names(search(None, None, Some(5.75))).await, ["Asia/Kathmandu"]);
    assert_eq!(names(search(Some("NZ"), None, Some(12.0))).await, ["Pacific/Auckland"]);
    assert_eq!(names(search(Some("NZ"), Some("paris"), None)).await, [""; 0]);
}

#[tokio::test]
async fn a_limited_list_has_the_total_count() {
    let response = harness().call(("find_time_zones", json!({"country": "US", "limit": 3}))).await;
    let found: atlas::ZoneList = response.value().expect("zones");
    assert_eq!(found.zones.len(), 3);
    assert!(found.total > 20, "{}", found.total);
}

#[tokio::test]
async fn errors_contain_advice() {
    for (search, advice) in [(search(None, None, None), "at least one"), (search(Some("XX"), None, None), "by text")] {
        let response = harness().call(search).await;
        assert!(response.error().is_some_and(|error| error.contains(advice)), "{}", response.text());
    }
}

#[tokio::test]
async fn calls_with_a_wrong_secret_or_session_are_rejected() {
    let coral = CoralCaller::new(Secret::new("secret")).in_session(SESSION);
    for (caller, call) in rejected_calls(&coral) {
        let url = format!("/coral/{}", call.tool);
        let app = router(app(), secrets());
        let result = caller.call_in_process(app, &url, call.arguments).await.expect(call.title);
        assert_eq!(call.differences(&result), [""; 0], "{}: {}", call.title, result.text);
    }
}

#[tokio::test]
async fn a_wrong_result_is_detected() {
    let forger = CoralCaller::new(Secret::new("a guess")).in_session(SESSION);
    let app = router(app(), secrets());
    let result = forger.call_in_process(app, "/coral/submit_report", REPORT.arguments).await.expect("a call");
    assert_eq!(REPORT.differences(&result).len(), 2, "{}", result.text);
}

#[test]
fn a_wrong_session_end_is_detected() {
    let end = from_json(
        br#"{
        "sessionState": {"type": "base", "state": {"id": "s1", "namespace": "default", "status": {"type": "executed"}}},
        "agentStats": [{"name": "editor"}]
    }"#,
    );
    let session = Coral::server("http://127.0.0.1:9", "key").session("default", "s2");
    let differences = checks::end(&end.expect("a report"), &session, &[]);
    let expected = [
        "the report should belong to this session",
        "the session should be closing",
        "each agent should have run once",
        "four messages should have been received",
    ];
    assert_eq!(differences, expected);
}

#[test]
fn a_wrong_report_is_detected() {
    let report = Report { title: "Q4 sales".into(), content: "Down".into() };
    assert_eq!(checks::report(&report).len(), 1);
}

#[test]
fn json_is_broken_only_if_it_does_not_fit() {
    let value = json!({"a": [1, 2], "long": ["one word", "another"], "empty": {}});
    let shown = "{\n  \"a\": [1, 2],\n  \"long\": [\n    \"one word\",\n    \"another\"\n  ],\n  \"empty\": {}\n}";
    assert_eq!(layout::json(&value, 24), shown);
    assert_eq!(layout::json(&value, 80).lines().count(), 1);
}

#[test]
fn text_is_broken_at_spaces() {
    assert_eq!(layout::wrap("one two three", 8), ["one two", "three"]);
    assert_eq!(layout::wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    assert_eq!(layout::wrap("", 3), [""]);
}
