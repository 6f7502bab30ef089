//! The webhooks respond to probes of clients with the secret only, and never call a tool for one.

use axum::Router;
use axum::body::Body;
use coral_tools::Secret;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{SECRET, application, secret};

const SESSION: &str = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11";

/// A token as the client makes it.
fn token(secret: &Secret) -> String {
    secret.sign(format!("coral-tools probe token\n{SESSION}"))
}

fn probe_body(token: &str) -> String {
    format!(r#"["coral-tools webhook probe", "{SESSION}", "{token}"]"#)
}

fn request(agent: &str, body: &str, signature: &str) -> Request<Body> {
    Request::post(format!("/coral/echo/{SESSION}/{agent}"))
        .header("x-coral-signature", signature)
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

async fn send(app: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response: Response<Body> = app.clone().oneshot(request).await.expect("infallible");
    let status = response.status();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn a_client_without_the_secret_learns_nothing() {
    let (app, other) = (application(secret()), Secret::new("another"));
    let forged = token(&other);
    let body = probe_body(&forged);
    for (agent, body, signature) in [
        (format!("coral-tools-probe-{forged}"), body.clone(), other.sign(&body)),
        (format!("coral-tools-probe-{forged}"), String::new(), String::new()),
        ("coral-tools-probe-".to_owned(), body.clone(), other.sign(&body)),
        (format!("coral-tools-probe-{}", "0".repeat(64)), "[]".to_owned(), other.sign("[]")),
        ("writer".to_owned(), body.clone(), other.sign(&body)),
    ] {
        let response = send(&app, request(&agent, &body, &signature)).await;
        assert_eq!(response, (StatusCode::UNAUTHORIZED, String::new()), "{agent} {body}");
    }
}

#[tokio::test]
async fn a_verified_array_without_a_valid_token_is_a_call_with_invalid_arguments() {
    let app = application(secret());
    for body in [
        "[]".to_owned(),
        probe_body("x"),
        probe_body(&token(&Secret::new("another"))),
        format!("[{}1]", "1,".repeat(2000)),
    ] {
        let (status, text) = send(&app, request("writer", &body, &secret().sign(&body))).await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains(r#""success":false"#) && !text.contains("receipt"), "{text}");
    }
}

/// Only an explanation of the sender's own request: no tool runs, and no key is used to sign a string of the sender.
#[tokio::test]
async fn a_copied_token_explains_the_request_of_its_sender() {
    let app = application(secret());
    let agent = format!("coral-tools-probe-{}", token(&secret()));
    let (status, text) = send(&app, request(&agent, r#"{"text": "x"}"#, &"0".repeat(64))).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("receipt") && text.contains("signature does not match") && text.len() < 2048, "{text}");
    assert!(!text.contains(SECRET), "{text}");
}

#[tokio::test(start_paused = true)]
async fn responses_per_second_are_limited() {
    let app = application(secret());
    let body = probe_body(&token(&secret()));
    let mut statuses = Vec::new();
    for _ in 0..300 {
        statuses.push(send(&app, request("writer", &body, &secret().sign(&body))).await.0);
    }
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 256);
    assert_eq!(statuses[256..], [StatusCode::TOO_MANY_REQUESTS; 44]);
}
