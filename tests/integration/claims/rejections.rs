//! Every call without a valid claim is answered like one from an unknown session.

use axum::Router;
use coral_tools::testing::CoralCaller;
use coral_tools::{ClaimKeys, Secret};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{App, NOW, URL, at, claim_in, key, keys, tools, url};
use crate::webhook::log_capture::{captured_lines, start_capture};

const SECRET: &str = "test-secret";

/// Everything of a response that a client receives.
#[derive(Debug, PartialEq)]
struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

/// Sends a signed call through a proxy that removes `/api`.
async fn call(url: &str) -> Response {
    let app = Router::new().nest("/coral", tools().webhooks(Secret::new(SECRET))).with_state(App { keys: keys() });
    let url = url.replace("/api/coral/", "/coral/");
    let request = CoralCaller::new(Secret::new(SECRET)).request(&url, ()).expect("a request");
    let response = app.oneshot(request.to_http().expect("HTTP")).await.expect("a response");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Response { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).expect("text") }
}

/// The client learns that the session is unknown, the log has the reason, and neither has the claim.
async fn assert_rejected(url: &str, reason: &str) {
    start_capture();
    let response = call(url).await;
    let lines = captured_lines();
    assert_eq!(response, call(&format!("{URL}/unknown_session")).await, "{url}");
    assert_eq!(
        (response.status.as_u16(), response.body.as_str()),
        (400, r#"{"success":false,"error":"Invalid session"}"#)
    );

    let event = lines.iter().find(|line| line.contains("rejected the claim of a call")).expect("an event");
    assert!(event.starts_with("event WARN") && event.contains(&format!("error.type=\"{reason}\"")), "{event}");
    let claim = url.split_once("coral-claim=").map_or("coral-claim", |(_, claim)| claim);
    let parts = claim.split('.').filter(|part| part.len() > 1);
    for part in parts {
        assert!(lines.iter().all(|line| !line.contains(part)), "{part} in {lines:?}");
    }
}

#[tokio::test]
async fn the_claim_of_a_user_is_accepted_behind_a_proxy_that_removes_a_prefix() {
    let response = call(&url(&keys(), "current_user", 7)).await;
    assert_eq!((response.status, response.body.as_str()), (StatusCode::OK, r#"{"result":7}"#));
}

#[tokio::test]
async fn a_forged_claim_is_rejected() {
    let forger =
        ClaimKeys::new(URL, coral_tools::ClaimKey::new("a", [7; 32]).expect("a key")).expect("keys").clock(at(NOW));
    assert_rejected(&url(&forger, "current_user", 7), "claim_mismatch").await;
}

#[tokio::test]
async fn an_expired_claim_is_rejected() {
    let yesterday = keys().clock(at(NOW - 24 * 60 * 60));
    assert_rejected(&url(&yesterday, "current_user", 7), "claim_expired").await;
}

#[tokio::test]
async fn a_claim_whose_expiry_was_changed_is_rejected() {
    let yesterday = url(&keys().clock(at(NOW - 24 * 60 * 60)), "current_user", 7);
    let changed = yesterday.replace(&NOW.to_string(), &(NOW + 60).to_string());
    assert_ne!(changed, yesterday);
    assert_rejected(&changed, "claim_mismatch").await;
}

#[tokio::test]
async fn the_claim_for_another_tool_is_rejected() {
    let other = url(&keys(), "current_user", 7);
    let url = format!("{URL}/delete_account?coral-claim={}", claim_in(&other));
    assert_rejected(&url, "claim_mismatch").await;
}

#[tokio::test]
async fn the_claim_for_another_base_path_is_rejected() {
    for other in ["https://your-app.example/coral", "https://your-app.example", "https://your-app.example/api/coral2"] {
        let other_keys = ClaimKeys::new(other, key("a")).expect("keys").clock(at(NOW));
        let request = super::request(other).bound_to(&other_keys, &super::UserId(7));
        let claim = super::url_in(&request, "current_user");
        assert_rejected(&format!("{URL}/current_user?coral-claim={}", claim_in(&claim)), "claim_mismatch").await;
    }
}

#[tokio::test]
async fn the_claim_of_another_user_is_rejected() {
    let (mine, other) = (url(&keys(), "current_user", 7), url(&keys(), "current_user", 8));
    let parts = |url: &str| claim_in(url).split('.').map(str::to_owned).collect::<Vec<_>>();
    let (mut mine, other) = (parts(&mine), parts(&other));
    assert_ne!(mine[3], other[3], "the value");
    mine[3].clone_from(&other[3]);
    assert_rejected(&format!("{URL}/current_user?coral-claim={}", mine.join(".")), "claim_mismatch").await;
}

#[tokio::test]
async fn a_claim_of_an_unknown_key_is_rejected() {
    let others = ClaimKeys::new(URL, key("b")).expect("keys").clock(at(NOW));
    assert_rejected(&url(&others, "current_user", 7), "claim_unknown_key").await;
}

#[tokio::test]
async fn a_truncated_claim_is_rejected() {
    let whole = url(&keys(), "current_user", 7);
    assert_rejected(&whole[..whole.len() - 1], "claim_malformed").await;
    assert_rejected(&whole[..whole.len() - 20], "claim_malformed").await;
    assert_rejected(whole.rsplit_once('.').expect("a signature").0, "claim_malformed").await;
}

#[tokio::test]
async fn a_claim_of_an_unknown_version_is_rejected() {
    let changed = url(&keys(), "current_user", 7).replace("coral-claim=1.", "coral-claim=2.");
    assert_rejected(&changed, "claim_unknown_version").await;
}

#[tokio::test]
async fn a_missing_claim_is_rejected() {
    assert_rejected(&format!("{URL}/current_user"), "claim_missing").await;
    assert_rejected(&format!("{URL}/current_user?other=1"), "claim_missing").await;
}

#[tokio::test]
async fn a_repeated_claim_is_rejected() {
    let whole = url(&keys(), "current_user", 7);
    assert_rejected(&format!("{whole}&coral-claim={}", claim_in(&whole)), "claim_repeated").await;
}

#[tokio::test]
async fn a_claim_with_a_value_of_another_type_is_rejected() {
    let request = super::request(URL).bound_to(&keys(), "Ada");
    assert_rejected(&super::url_in(&request, "current_user"), "claim_invalid_value").await;
}

#[tokio::test]
async fn a_very_long_claim_is_rejected() {
    assert_rejected(&format!("{URL}/current_user?coral-claim=1.a.9.{}.a", "a".repeat(3000)), "claim_malformed").await;
}
