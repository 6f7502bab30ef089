//! Who may ask.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};

use crate::client::{get, send};
use crate::{playing, start};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn without_the_key_there_is_a_challenge_and_no_body() {
    let coral = CoralStandIn::builder().key("the key").start().await.expect("started");
    for headers in [
        ("No-Key", ""),
        ("Authorization", "Bearer stand-in-key"),
        ("Authorization", "Basic dGhlIGtleQ=="),
        ("Authorization", "Bearer"),
        ("Cookie", "authSessionToken=forged"),
    ] {
        for path in ["/api/v1/registry", "/api/v1/local/namespace", "/api/v1/local/session/a/b"] {
            let reply = send(&coral, "GET", path, &[headers], None).await;
            assert_eq!((reply.status, reply.header("WWW-Authenticate")), (401, Some("Bearer")), "{headers:?}");
            assert_eq!(reply.text, "");
        }
    }
    assert_eq!(get(&coral, "/api/v1/registry").await.status, 200);
}

#[tokio::test]
async fn who_has_logged_in_is_known_by_a_cookie() {
    let coral = start().await;
    let path = "/api/v1/auth/token?to=/ui/docs";
    let reply = send(&coral, "POST", path, &[FORM, ("No-Key", "")], Some("token=wrong")).await;
    assert_eq!((reply.status, reply.message().as_deref()), (401, Some("Invalid token")));
    let reply = send(&coral, "POST", path, &[FORM, ("No-Key", "")], Some("token=stand-in-key")).await;
    assert_eq!((reply.status, reply.header("Location")), (302, Some("/ui/docs")));
    let cookie = reply.header("Set-Cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie");
    let reply = send(&coral, "GET", "/api/v1/registry", &[("Cookie", cookie)], None).await;
    assert_eq!(reply.status, 200);
    // As good as a key in the path: it is the session that is not there.
    for (cookie, status) in [(cookie, 404), ("authSessionToken=forged", 401)] {
        let path = "/ws/v1/events/session/nowhere/nothing";
        let reply = send(&coral, "GET", path, &[("Cookie", cookie)], None).await;
        assert_eq!(reply.status, status);
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_by_each_in_its_way() {
    let coral = start().await;
    for path in ["/", "/api/v1/session", "/api/v1/local/sessions", "/api/v2/registry"] {
        let reply = get(&coral, path).await;
        assert_eq!((reply.status, reply.text.as_str()), (404, ""), "{path}");
    }
    let cloud = playing(EmulatedVersion::Cloud).await;
    for path in ["/", "/api/v1/local/namespace", "/api_v1.json", "/ws/v1/logs/stand-in-key"] {
        let reply = get(&cloud, path).await;
        assert_eq!((reply.status, reply.message().as_deref()), (404, Some("Not found")), "{path}");
    }
    assert_eq!(send(&coral, "PUT", "/api/v1/local/session", &[], None).await.status, 405);
}

#[tokio::test]
async fn pages_of_other_sites_get_nothing() {
    let coral = start().await;
    let own = coral.url().to_owned();
    for (origin, status) in [("https://other.example", 403), (own.as_str(), 200)] {
        let reply = send(&coral, "GET", "/api/v1/registry", &[("Origin", origin)], None).await;
        assert_eq!(reply.status, status, "{origin}");
    }
}

#[tokio::test]
async fn neither_key_nor_secrets_are_shown() {
    let coral = CoralStandIn::builder().key("hunter2");
    assert!(!format!("{coral:?}").contains("hunter2"));
    let coral = coral.start().await.expect("started");
    assert!(!format!("{coral:?}").contains("hunter2"));
}
