//! Claims in session requests.

use std::time::Duration;

use coral_tools::{ClaimKey, ClaimKeys, Dialect, SessionRequest};

use super::{NOW, URL, UserId, claim_in, key, keys, request, url_in};

/// Seconds from the request to the expiry of its claims.
fn lifetime(request: &SessionRequest) -> u64 {
    let url = url_in(request, "current_user");
    let expiry: u64 = claim_in(&url).split('.').nth(2).and_then(|expiry| expiry.parse().ok()).expect("an expiry");
    expiry - NOW
}

fn bound() -> SessionRequest {
    request(URL).bound_to(&keys(), &UserId(7))
}

#[test]
fn a_claim_expires_a_minute_after_the_session_unless_another_time_is_set() {
    assert_eq!(lifetime(&bound()), 24 * 60 * 60);
    assert_eq!(lifetime(&bound().ttl(Duration::from_secs(300))), 360);
    let set = bound().ttl(Duration::from_secs(300)).claims_expire_after(Duration::from_secs(10));
    assert_eq!(lifetime(&set), 10);
    assert_eq!(lifetime(&bound().claims_expire_after(Duration::MAX)), u64::MAX - NOW);
    let error = bound().claims_expire_after(Duration::ZERO).check().expect_err("a lifetime of zero");
    assert_eq!(error.to_string(), "lifetime of claims: it is less than a second");
}

#[test]
fn each_tool_has_a_claim_of_its_own_in_every_dialect() {
    for dialect in [Dialect::Cloud, Dialect::Nested, Dialect::Next, Dialect::Server1_2, Dialect::Server1_1] {
        let body = bound().to_json(dialect).expect("a valid request").to_string();
        let claims: Vec<_> = body.split("?coral-claim=1.a.").skip(1).collect();
        assert_eq!(claims.len(), 3, "{dialect:?}");
        let signature =
            |claim: &str| claim.split('"').next().and_then(|claim| claim.rsplit('.').next()).map(str::to_owned);
        assert_ne!(signature(claims[0]), signature(claims[1]), "{dialect:?}");
    }
}

#[test]
fn a_claim_is_added_to_the_query_of_a_url() {
    let request = request(&format!("{URL}?tenant=1")).bound_to(&keys(), &UserId(7));
    assert!(url_in(&request, "current_user").starts_with(&format!("{URL}/current_user?tenant=1&coral-claim=1.a.")));
}

#[test]
fn tools_at_another_path_than_that_of_the_keys_are_a_problem() {
    let error =
        request("https://your-app.example/coral/").bound_to(&keys(), &UserId(7)).check().expect_err("another path");
    assert_eq!(
        error.to_string(),
        "tools at the path `/coral`: their claims would be for the path `/api/coral`; give `ClaimKeys::new` the base URL of the tools"
    );
    let other_host = request("https://other.example/api/coral/").bound_to(&keys(), &UserId(7));
    assert!(other_host.check().is_ok(), "only the path is signed");
}

#[test]
fn values_that_cannot_be_bound_are_a_problem() {
    let error = request(URL).bound_to(&keys(), &"a".repeat(2000)).check().expect_err("too long");
    assert_eq!(error.to_string(), "the value that the tools are bound to: it is longer than 1 KiB of JSON; use an id");
}

#[test]
fn keys_are_checked() {
    let short = ClaimKey::new("a", "0123456789abcdef").expect_err("too short");
    assert_eq!(
        short.to_string(),
        "claim key `a`: it is shorter than 32 bytes; `openssl rand -hex 32` prints a good one"
    );
    assert!(ClaimKeys::new("/coral", key("a")).is_err(), "not a public URL");
    let unset = ClaimKey::from_env("a", "CORAL_TOOLS_TEST_UNSET").expect_err("not set");
    assert!(unset.to_string().starts_with("CORAL_TOOLS_TEST_UNSET: it is not set"), "{unset}");
}

#[test]
fn debug_output_of_a_request_has_no_claim_and_no_value() {
    let output = format!("{:?}", request(URL).bound_to(&keys(), "Ada Lovelace"));
    assert!(!output.contains("Ada") && !output.contains(&"a".repeat(32)), "{output}");
}
