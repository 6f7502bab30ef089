//! Authentication, `Origin`, and unknown paths.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};

use crate::client::{get, send};
use crate::{start, start_version};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn requests_without_the_key_get_a_challenge_and_no_body() {
    let coral = CoralStandIn::builder().key("the key").start().await.expect("started");
    for headers in [
        ("No-Key", ""),
        ("Authorization", "Bearer stand-in-key"),
        ("Authorization", "Basic dGhlIGtleQ=="),
        ("Authorization", "Bearer"),
        ("Cookie", "authSessionToken=forged"),
    ] {
        for path in ["/api/v1/registry", "/api/v1/local/namespace", "/api/v1/local/session/a/b"] {
            let response = send(&coral, "GET", path, &[headers], None).await;
            assert_eq!((response.status, response.header("WWW-Authenticate")), (401, Some("Bearer")), "{headers:?}");
            assert_eq!(response.text, "");
        }
    }
    assert_eq!(get(&coral, "/api/v1/registry").await.status, 200);
}

#[tokio::test]
async fn a_login_sets_a_cookie_that_authenticates() {
    let coral = start().await;
    let path = "/api/v1/auth/token?to=/ui/docs";
    let response = send(&coral, "POST", path, &[FORM, ("No-Key", "")], Some("token=wrong")).await;
    assert_eq!((response.status, response.message().as_deref()), (401, Some("Invalid token")));
    let response = send(&coral, "POST", path, &[FORM, ("No-Key", "")], Some("token=stand-in-key")).await;
    assert_eq!((response.status, response.header("Location")), (302, Some("/ui/docs")));
    let cookie = response.header("Set-Cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie");
    let response = send(&coral, "GET", "/api/v1/registry", &[("Cookie", cookie)], None).await;
    assert_eq!(response.status, 200);
    // The cookie replaces the key in the path: the 404 is about the session.
    for (cookie, status) in [(cookie, 404), ("authSessionToken=forged", 401)] {
        let path = "/ws/v1/events/session/nowhere/nothing";
        let response = send(&coral, "GET", path, &[("Cookie", cookie)], None).await;
        assert_eq!(response.status, status);
    }
}

#[tokio::test]
async fn unknown_paths_get_the_404_of_the_emulated_version() {
    let coral = start().await;
    for path in ["/", "/api/v1/session", "/api/v1/local/sessions", "/api/v2/registry"] {
        let response = get(&coral, path).await;
        assert_eq!((response.status, response.text.as_str()), (404, ""), "{path}");
    }
    let cloud = start_version(EmulatedVersion::Cloud).await;
    for path in ["/", "/api/v1/local/namespace", "/api_v1.json", "/ws/v1/logs/stand-in-key"] {
        let response = get(&cloud, path).await;
        assert_eq!((response.status, response.message().as_deref()), (404, Some("Not found")), "{path}");
    }
    assert_eq!(send(&coral, "PUT", "/api/v1/local/session", &[], None).await.status, 405);
}

#[tokio::test]
async fn requests_of_other_origins_are_rejected() {
    let coral = start().await;
    let own = coral.url().to_owned();
    for (origin, status) in [("https://other.example", 403), (own.as_str(), 200)] {
        let response = send(&coral, "GET", "/api/v1/registry", &[("Origin", origin)], None).await;
        assert_eq!(response.status, status, "{origin}");
    }
}

#[tokio::test]
async fn debug_output_does_not_contain_the_key() {
    let coral = CoralStandIn::builder().key("hunter2");
    assert!(!format!("{coral:?}").contains("hunter2"));
    let coral = coral.start().await.expect("started");
    assert!(!format!("{coral:?}").contains("hunter2"));
}

#[tokio::test]
async fn responses_vary_by_origin_and_have_neither_date_nor_allow() {
    let coral = start().await;
    for (method, path, status) in [
        ("GET", "/api/v1/registry", 200),
        ("GET", "/ui/docs", 200),
        ("GET", "/nowhere", 404),
        ("PUT", "/api/v1/local/session", 405),
    ] {
        let response = send(&coral, method, path, &[], None).await;
        assert_eq!((response.status, response.header("Vary")), (status, Some("Origin")), "{path}");
        assert_eq!((response.header("Date"), response.header("Allow")), (None, None), "{path}");
    }
}

#[tokio::test]
async fn the_list_of_extended_states_cannot_be_deleted() {
    let coral = start().await;
    let response = send(&coral, "DELETE", "/api/v1/local/namespace/extended", &[], None).await;
    assert_eq!((response.status, response.message().as_deref()), (404, Some("Namespace \"extended\" not found")));
}
