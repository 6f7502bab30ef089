//! Session-end reports, delivered as Coral delivers them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use coral_tools::testing::CoralCaller;
use coral_tools::webhook::{SessionEndService, session_end, session_end_with_context};
use coral_tools::{Context, FromContext, Path, Secret, SessionEndReport, ToolError, WebhookConfig, toolset};
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, StatusCode};
use sha2::Sha256;
use tokio::sync::mpsc;
use tower::ServiceExt;

use super::SECRET;
use super::log_capture::{captured_lines, start_capture};

/// The secret that signs reports; calls of tools have another one.
const WEBHOOK_SECRET: &str = "webhook-secret";

const BASE: &str = include_str!("../state/samples/report_base.json");
const EXTENDED: &str = include_str!("../state/samples/report_extended.json");
const FIRST: &str = include_str!("../state/samples/report_first.json");

/// Signatures of the reports, from another implementation.
const SIGNED_BASE: &str = "a52a47fc6c24c5e373857abd4d9ef367e74749e3f22740622530620a77a4725d";
const SIGNED_EXTENDED: &str = "25a7208c34999d75de2c539e3d4ed52f8ee22b0f17e16ee584ada7a42b0425ec";

/// An application that sends the ids of ended sessions to the test, and can fail on the first delivery.
#[derive(Debug, Clone)]
struct App {
    sessions: mpsc::UnboundedSender<String>,
    first_delivery: FirstDelivery,
    deliveries: Arc<AtomicUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum FirstDelivery {
    Succeeds,
    Fails,
    Panics,
    Hangs,
}

impl App {
    async fn handle(self, report: SessionEndReport) -> Result<(), ToolError> {
        let _sent = self.sessions.send(report.session.id);
        let is_first = self.deliveries.fetch_add(1, Ordering::SeqCst) == 0;
        match self.first_delivery {
            FirstDelivery::Fails if is_first => Err(std::io::Error::other("password=hunter2"))?,
            FirstDelivery::Panics if is_first => panic!("hunter2"),
            FirstDelivery::Hangs if is_first => std::future::pending().await,
            _ => Ok(()),
        }
    }
}

/// Returns its argument.
#[coral_tools::coral_tool]
fn echo(text: String) -> String {
    text
}

/// An application with tools and the session-end webhook under one path. Also returns the ids of ended sessions.
fn app_with(
    config: impl Into<WebhookConfig>,
    first_delivery: FirstDelivery,
) -> (Router, mpsc::UnboundedReceiver<String>) {
    let (sessions, receiver) = mpsc::unbounded_channel();
    let session_end = session_end(config, async |report: SessionEndReport, app: App| app.handle(report).await);
    let webhooks = toolset![echo].webhooks(Secret::new(SECRET)).merge(session_end);
    let app = App { sessions, first_delivery, deliveries: Arc::default() };
    (Router::new().nest("/coral", webhooks).with_state(app), receiver)
}

fn app() -> (Router, mpsc::UnboundedReceiver<String>) {
    app_with(Secret::new(WEBHOOK_SECRET), FirstDelivery::Succeeds)
}

fn sign(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key is valid").chain_update(body);
    const_hex::encode(mac.finalize().into_bytes())
}

/// A report as servers send it: without ids in the path or headers.
fn report(body: &str, signature: &str) -> Request<Body> {
    Request::post("/coral/session-end")
        .header("Accept", "application/json")
        .header("X-Coral-Signature", signature)
        .header("Content-Type", "application/json")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

/// Delivers a signed report. Returns the status of the response.
async fn deliver_signed(app: &Router, body: &str) -> StatusCode {
    deliver(app, report(body, &sign(WEBHOOK_SECRET, body))).await
}

async fn deliver(app: &Router, request: Request<Body>) -> StatusCode {
    app.clone().oneshot(request).await.expect("infallible").status()
}

/// The ids of the sessions whose reports were handled.
fn handled(receiver: &mut mpsc::UnboundedReceiver<String>) -> Vec<String> {
    std::iter::from_fn(|| receiver.try_recv().ok()).collect()
}

#[tokio::test]
async fn every_signed_report_is_handled() {
    let (app, mut sessions) = app();
    assert_eq!(deliver(&app, report(BASE, SIGNED_BASE)).await, StatusCode::OK);
    assert_eq!(deliver(&app, report(EXTENDED, SIGNED_EXTENDED)).await, StatusCode::OK);
    assert_eq!(deliver_signed(&app, FIRST).await, StatusCode::OK);
    let expected = ["0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11", "7d1c1f58-3f0e-4c67-8a41-1f6f6f1f5b22", "session-abc123"];
    assert_eq!(handled(&mut sessions), expected);
}

/// The caller of a report, as a context parameter receives it.
#[derive(Debug)]
struct Delivered {
    path: String,
    session: Option<String>,
    namespace: Option<String>,
    accepts: Option<String>,
}

impl FromContext<mpsc::UnboundedSender<Delivered>> for Delivered {
    async fn from_context(context: &Context<'_, mpsc::UnboundedSender<Delivered>>) -> Result<Self, ToolError> {
        let Path(path) = Path::from_context(context).await?;
        let accept = context.headers().and_then(|headers| headers.get("Accept"));
        Ok(Self {
            path,
            session: context.session_id().map(str::to_owned),
            namespace: context.namespace().map(str::to_owned),
            accepts: accept.map(|value| value.to_str().expect("ASCII").to_owned()),
        })
    }
}

#[tokio::test]
async fn a_handler_may_take_a_context_parameter() {
    type Sender = mpsc::UnboundedSender<Delivered>;
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let handler = async |_report: SessionEndReport, sender: Sender, delivered: Delivered| Ok(sender.send(delivered)?);
    let ended = session_end_with_context(Secret::new(WEBHOOK_SECRET), handler);
    let nested: Router = Router::new().nest("/{tenant}", ended.clone()).with_state(sender.clone());
    assert_eq!(deliver(&nested, report(BASE, SIGNED_BASE)).await, StatusCode::OK);
    let delivered = receiver.try_recv().expect("the handler has run");
    assert_eq!((&*delivered.path, delivered.accepts.as_deref()), ("coral", Some("application/json")));
    assert_eq!(delivered.session.as_deref(), Some("0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11"));
    assert_eq!(delivered.namespace.as_deref(), Some("default"));

    let without_path: Router = Router::new().nest("/coral", ended).with_state(sender);
    let failed = deliver(&without_path, report(EXTENDED, SIGNED_EXTENDED)).await;
    assert_eq!(failed, StatusCode::INTERNAL_SERVER_ERROR, "the parameter cannot be created");
}

/// The value of a header, as a context parameter.
struct Accept(String);

impl<S: Sync> FromContext<S> for Accept {
    async fn from_context(context: &Context<'_, S>) -> Result<Self, ToolError> {
        let accept = context.headers().and_then(|headers| headers.get("Accept")?.to_str().ok());
        accept.map(|value| Self(value.to_owned())).ok_or_else(|| ToolError::new("the request has no such header"))
    }
}

#[tokio::test]
async fn the_handler_of_a_service_may_take_a_context_parameter() {
    type Sender = mpsc::UnboundedSender<(String, String)>;
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let handler = async |report: SessionEndReport, sender: Sender, Accept(accept): Accept| {
        Ok(sender.send((report.session.id, accept))?)
    };
    let service = SessionEndService::with_context(Secret::new(WEBHOOK_SECRET), sender, handler);
    let deliver = async |request| service.clone().oneshot(request).await.expect("infallible").status();
    assert_eq!(deliver(report(BASE, SIGNED_BASE)).await, StatusCode::OK);
    let handled = receiver.try_recv().expect("the handler has run");
    assert_eq!(handled, ("0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11".to_owned(), "application/json".to_owned()));

    let mut without_header = report(EXTENDED, SIGNED_EXTENDED);
    without_header.headers_mut().remove("Accept");
    assert_eq!(deliver(without_header).await, StatusCode::INTERNAL_SERVER_ERROR, "the parameter cannot be created");
    assert_eq!(deliver(report(BASE, "a guess")).await, StatusCode::UNAUTHORIZED);
    assert!(receiver.try_recv().is_err());
}

#[tokio::test]
async fn a_duplicate_report_is_accepted_and_handled_once() {
    let (app, mut sessions) = app();
    for _ in 0..3 {
        assert_eq!(deliver_signed(&app, BASE).await, StatusCode::OK);
    }
    assert_eq!(handled(&mut sessions).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_report_is_handled_again_after_a_failed_delivery() {
    for failure in [FirstDelivery::Fails, FirstDelivery::Panics, FirstDelivery::Hangs] {
        let (app, mut sessions) = app_with(Secret::new(WEBHOOK_SECRET), failure);
        assert_eq!(deliver_signed(&app, BASE).await, StatusCode::INTERNAL_SERVER_ERROR, "{failure:?}");
        assert_eq!(deliver_signed(&app, BASE).await, StatusCode::OK, "{failure:?}");
        assert_eq!(deliver_signed(&app, BASE).await, StatusCode::OK, "{failure:?}");
        assert_eq!(handled(&mut sessions).len(), 2, "{failure:?}: the third delivery is a duplicate");
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_deliveries_of_one_report_are_rejected_with_503() {
    let (app, mut sessions) = app_with(Secret::new(WEBHOOK_SECRET), FirstDelivery::Hangs);
    let first = tokio::spawn({
        let app = app.clone();
        async move { deliver_signed(&app, BASE).await }
    });
    let session = sessions.recv().await.expect("the first is being handled");

    start_capture();
    assert_eq!(deliver_signed(&app, BASE).await, StatusCode::SERVICE_UNAVAILABLE);
    let logged = captured_lines().join("\n");
    assert!(logged.contains("already being handled") && logged.contains(&session), "{logged}");
    assert_eq!(deliver_signed(&app, EXTENDED).await, StatusCode::OK, "the report of another session is handled");

    assert_eq!(first.await.expect("no panic"), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(deliver_signed(&app, BASE).await, StatusCode::OK);
}

#[tokio::test]
async fn a_report_can_be_delivered_again_after_a_disconnect() {
    let (app, mut sessions) = app_with(Secret::new(WEBHOOK_SECRET), FirstDelivery::Hangs);
    let first = tokio::spawn({
        let app = app.clone();
        async move { deliver_signed(&app, BASE).await }
    });
    sessions.recv().await.expect("the first is being handled");
    first.abort();
    assert!(first.await.is_err());
    assert_eq!(deliver_signed(&app, BASE).await, StatusCode::OK);
}

#[tokio::test]
async fn reports_are_verified_with_the_webhook_secret_only() {
    let (app, mut sessions) = app();
    for signature in [sign(SECRET, BASE), sign("", BASE), sign(WEBHOOK_SECRET, EXTENDED), String::new()] {
        assert_eq!(deliver(&app, report(BASE, &signature)).await, StatusCode::UNAUTHORIZED, "{signature}");
    }
    let mut unsigned = report(BASE, "");
    unsigned.headers_mut().remove("X-Coral-Signature");
    assert_eq!(deliver(&app, unsigned).await, StatusCode::UNAUTHORIZED);
    assert!(handled(&mut sessions).is_empty());
}

#[tokio::test]
async fn tools_keep_their_own_secret() -> Result<(), coral_tools::testing::CallerError> {
    for (secret, status) in [(SECRET, 200), (WEBHOOK_SECRET, 401)] {
        let caller = CoralCaller::new(Secret::new(secret));
        let view = caller.call_in_process(app().0, "http://localhost/coral/echo", r#"{"text": "x"}"#).await?;
        assert_eq!(view.status(), Some(status), "{secret}");
    }
    Ok(())
}

#[tokio::test]
async fn secret_rotation_and_limits_apply_to_reports() {
    let secrets = || WebhookConfig::new([Secret::new("new"), Secret::new(WEBHOOK_SECRET)]);
    assert_eq!(deliver_signed(&app_with(secrets(), FirstDelivery::Succeeds).0, BASE).await, StatusCode::OK);
    let small = secrets().body_limit(BASE.len() - 1);
    assert_eq!(deliver_signed(&app_with(small, FirstDelivery::Succeeds).0, BASE).await, StatusCode::PAYLOAD_TOO_LARGE);
    let closed = secrets().concurrency(0);
    assert_eq!(
        deliver_signed(&app_with(closed, FirstDelivery::Succeeds).0, BASE).await,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

/// An extended report contains the whole conversation, so that its default limit is higher than that of calls.
#[tokio::test]
async fn reports_have_at_most_4_mib_by_default() {
    let padded = |length: usize| format!("{BASE}{}", " ".repeat(length - BASE.len()));
    assert_eq!(deliver_signed(&app().0, &padded(4 << 20)).await, StatusCode::OK);
    assert_eq!(deliver_signed(&app().0, &padded((4 << 20) + 1)).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(start_paused = true)]
async fn unsigned_reports_are_rejected_before_the_body_arrives() {
    let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let mut unsigned = report(BASE, SIGNED_BASE);
    unsigned.headers_mut().remove("X-Coral-Signature");
    *unsigned.body_mut() = Body::from_stream(never);
    let app = app_with(WebhookConfig::new(Secret::new(WEBHOOK_SECRET)).concurrency(1), FirstDelivery::Succeeds).0;
    assert_eq!(deliver(&app, unsigned).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn invalid_reports_are_rejected() {
    let (app, mut sessions) = app();
    for body in ["", "null", "{}", r#"{"sessionState": {"type": "base", "state": {}}}"#] {
        assert_eq!(deliver_signed(&app, body).await, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    let mut text = report(BASE, SIGNED_BASE);
    text.headers_mut().insert("Content-Type", "text/plain".parse().expect("a type"));
    assert_eq!(deliver(&app, text).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let mut get = report(BASE, SIGNED_BASE);
    *get.method_mut() = http::Method::GET;
    assert_eq!(deliver(&app, get).await, StatusCode::METHOD_NOT_ALLOWED);
    assert!(handled(&mut sessions).is_empty());
}
