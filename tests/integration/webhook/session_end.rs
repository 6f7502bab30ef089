//! The end of a session, as Coral's side sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use coral_tools::testing::CoralCaller;
use coral_tools::webhook::session_end;
use coral_tools::{Secret, SessionEndReport, ToolError, WebhookConfig, toolset};
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, StatusCode};
use sha2::Sha256;
use tokio::sync::mpsc;
use tower::ServiceExt;

use super::SECRET;

/// What the server signs reports with; another key than that of the tools' calls.
const WEBHOOK_SECRET: &str = "webhook-secret";

const BASE: &str = include_str!("../state/samples/report_base.json");
const EXTENDED: &str = include_str!("../state/samples/report_extended.json");
const FIRST: &str = include_str!("../state/samples/report_first.json");

/// The signatures of the two, made by another implementation.
const SIGNED_BASE: &str = "a52a47fc6c24c5e373857abd4d9ef367e74749e3f22740622530620a77a4725d";
const SIGNED_EXTENDED: &str = "25a7208c34999d75de2c539e3d4ed52f8ee22b0f17e16ee584ada7a42b0425ec";

/// An application that hears of sessions that end, and may misbehave on the first deliveries.
#[derive(Debug, Clone)]
struct App {
    heard: mpsc::UnboundedSender<String>,
    trouble: Trouble,
    deliveries: Arc<AtomicUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Trouble {
    None,
    Fails,
    Panics,
    Hangs,
}

impl App {
    async fn end(self, report: SessionEndReport) -> Result<(), ToolError> {
        let _told = self.heard.send(report.session.id);
        let is_first = self.deliveries.fetch_add(1, Ordering::SeqCst) == 0;
        match self.trouble {
            Trouble::Fails if is_first => Err(std::io::Error::other("password=hunter2"))?,
            Trouble::Panics if is_first => panic!("hunter2"),
            Trouble::Hangs if is_first => std::future::pending().await,
            _ => Ok(()),
        }
    }
}

/// Says the same again.
#[coral_tools::coral_tool]
fn echo(text: String) -> String {
    text
}

/// Tools and the end of sessions under one path, as an application has them.
fn serve(config: impl Into<WebhookConfig>, trouble: Trouble) -> (Router, mpsc::UnboundedReceiver<String>) {
    let (heard, hears) = mpsc::unbounded_channel();
    let ended = session_end(config, async |report: SessionEndReport, app: App| app.end(report).await);
    let webhooks = toolset![echo].webhooks(Secret::new(SECRET)).merge(ended);
    let app = App { heard, trouble, deliveries: Arc::default() };
    (Router::new().nest("/coral", webhooks).with_state(app), hears)
}

fn healthy() -> (Router, mpsc::UnboundedReceiver<String>) {
    serve(Secret::new(WEBHOOK_SECRET), Trouble::None)
}

fn sign(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do").chain_update(body);
    const_hex::encode(mac.finalize().into_bytes())
}

/// A report as a server sends it: no ids in path or headers.
fn report(body: &str, signature: &str) -> Request<Body> {
    Request::post("/coral/session-end")
        .header("Accept", "application/json")
        .header("X-Coral-Signature", signature)
        .header("Content-Type", "application/json")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

/// The status that a server gets for a report that it has signed.
async fn send(app: &Router, body: &str) -> StatusCode {
    deliver(app, report(body, &sign(WEBHOOK_SECRET, body))).await
}

async fn deliver(app: &Router, request: Request<Body>) -> StatusCode {
    app.clone().oneshot(request).await.expect("infallible").status()
}

/// The sessions that the application has heard of.
fn all(hears: &mut mpsc::UnboundedReceiver<String>) -> Vec<String> {
    std::iter::from_fn(|| hears.try_recv().ok()).collect()
}

#[tokio::test]
async fn the_application_hears_of_the_end_of_each_session() {
    let (app, mut hears) = healthy();
    assert_eq!(deliver(&app, report(BASE, SIGNED_BASE)).await, StatusCode::OK);
    assert_eq!(deliver(&app, report(EXTENDED, SIGNED_EXTENDED)).await, StatusCode::OK);
    assert_eq!(send(&app, FIRST).await, StatusCode::OK);
    let sessions = ["0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11", "7d1c1f58-3f0e-4c67-8a41-1f6f6f1f5b22", "session-abc123"];
    assert_eq!(all(&mut hears), sessions);
}

#[tokio::test]
async fn a_report_that_comes_again_is_taken_and_changes_nothing() {
    let (app, mut hears) = healthy();
    for _ in 0..3 {
        assert_eq!(send(&app, BASE).await, StatusCode::OK);
    }
    assert_eq!(all(&mut hears).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_goes_wrong_is_mended_by_the_next_delivery() {
    for trouble in [Trouble::Fails, Trouble::Panics, Trouble::Hangs] {
        let (app, mut hears) = serve(Secret::new(WEBHOOK_SECRET), trouble);
        assert_eq!(send(&app, BASE).await, StatusCode::INTERNAL_SERVER_ERROR, "{trouble:?}");
        assert_eq!(send(&app, BASE).await, StatusCode::OK, "{trouble:?}");
        assert_eq!(send(&app, BASE).await, StatusCode::OK, "{trouble:?}");
        assert_eq!(all(&mut hears).len(), 2, "{trouble:?}: once in vain, once well, and then no more");
    }
}

#[tokio::test(start_paused = true)]
async fn one_report_is_not_handled_twice_at_once() {
    let (app, mut hears) = serve(Secret::new(WEBHOOK_SECRET), Trouble::Hangs);
    let first = tokio::spawn({
        let app = app.clone();
        async move { send(&app, BASE).await }
    });
    hears.recv().await.expect("the first is being handled");

    assert_eq!(send(&app, BASE).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(send(&app, EXTENDED).await, StatusCode::OK, "another session's end is another matter");

    assert_eq!(first.await.expect("no panic"), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(send(&app, BASE).await, StatusCode::OK);
}

#[tokio::test]
async fn a_caller_that_goes_away_may_come_back() {
    let (app, mut hears) = serve(Secret::new(WEBHOOK_SECRET), Trouble::Hangs);
    let first = tokio::spawn({
        let app = app.clone();
        async move { send(&app, BASE).await }
    });
    hears.recv().await.expect("the first is being handled");
    first.abort();
    assert!(first.await.is_err());
    assert_eq!(send(&app, BASE).await, StatusCode::OK);
}

#[tokio::test]
async fn a_report_is_taken_by_its_own_secret_alone() {
    let (app, mut hears) = healthy();
    for signature in [sign(SECRET, BASE), sign("", BASE), sign(WEBHOOK_SECRET, EXTENDED), String::new()] {
        assert_eq!(deliver(&app, report(BASE, &signature)).await, StatusCode::UNAUTHORIZED, "{signature}");
    }
    let mut unsigned = report(BASE, "");
    unsigned.headers_mut().remove("X-Coral-Signature");
    assert_eq!(deliver(&app, unsigned).await, StatusCode::UNAUTHORIZED);
    assert!(all(&mut hears).is_empty());
}

#[tokio::test]
async fn the_tools_beside_it_keep_their_own_secret() -> Result<(), coral_tools::testing::CallerError> {
    for (secret, status) in [(SECRET, 200), (WEBHOOK_SECRET, 401)] {
        let caller = CoralCaller::new(Secret::new(secret));
        let sees = caller.call_in_process(healthy().0, "http://localhost/coral/echo", r#"{"text": "x"}"#).await?;
        assert_eq!(sees.status(), Some(status), "{secret}");
    }
    Ok(())
}

#[tokio::test]
async fn either_secret_is_taken_while_they_change_and_limits_hold() {
    let secrets = || WebhookConfig::new([Secret::new("new"), Secret::new(WEBHOOK_SECRET)]);
    assert_eq!(send(&serve(secrets(), Trouble::None).0, BASE).await, StatusCode::OK);
    let small = secrets().body_limit(BASE.len() - 1);
    assert_eq!(send(&serve(small, Trouble::None).0, BASE).await, StatusCode::PAYLOAD_TOO_LARGE);
    let closed = secrets().concurrency(0);
    assert_eq!(send(&serve(closed, Trouble::None).0, BASE).await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(start_paused = true)]
async fn a_stranger_is_refused_before_the_body_is_there() {
    let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let mut unsigned = report(BASE, SIGNED_BASE);
    unsigned.headers_mut().remove("X-Coral-Signature");
    *unsigned.body_mut() = Body::from_stream(never);
    let app = serve(WebhookConfig::new(Secret::new(WEBHOOK_SECRET)).concurrency(1), Trouble::None).0;
    assert_eq!(deliver(&app, unsigned).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    let (app, mut hears) = healthy();
    for body in ["", "null", "{}", r#"{"sessionState": {"type": "base", "state": {}}}"#] {
        assert_eq!(send(&app, body).await, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    let mut text = report(BASE, SIGNED_BASE);
    text.headers_mut().insert("Content-Type", "text/plain".parse().expect("a type"));
    assert_eq!(deliver(&app, text).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let mut get = report(BASE, SIGNED_BASE);
    *get.method_mut() = http::Method::GET;
    assert_eq!(deliver(&app, get).await, StatusCode::METHOD_NOT_ALLOWED);
    assert!(all(&mut hears).is_empty());
}
