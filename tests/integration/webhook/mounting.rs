//! The webhook router within the router of an application.

use axum::Router;
use axum::routing::get;
use coral_tools::WebhookConfig;
use coral_tools::testing::CallerError;

use super::{BASE, app_state, coral, secret, tools};

/// The result for `{"text": "x"}`.
const ECHOED: &str = r#"{"result":"x"}"#;

/// An application with tools at `/coral` and routes of its own.
fn application() -> Router {
    Router::new()
        .route("/health", get(async || "healthy"))
        .nest("/coral", tools().webhooks(secret()))
        .fallback(async || "the application's own page")
        .with_state(app_state().0)
}

#[tokio::test]
async fn tools_can_be_nested_beside_other_routes() -> Result<(), CallerError> {
    let view = coral().call_in_process(application(), &format!("{BASE}/coral/echo"), r#"{"text": "x"}"#).await?;
    assert_eq!((view.status(), view.text.as_str()), (Some(200), ECHOED));
    let elsewhere = coral().call_in_process(application(), &format!("{BASE}/elsewhere"), "null").await?;
    assert_eq!(elsewhere.text, "the application's own page");
    Ok(())
}

#[tokio::test]
async fn tools_can_be_nested_at_any_depth() -> Result<(), CallerError> {
    let api = Router::new().nest("/agents", Router::new().nest("/coral", tools().webhooks(secret())));
    let pages = Router::new().route("/", get(async || "home")).fallback(async || "the application's own page");
    let app = pages.merge(Router::new().nest("/api", api)).with_state(app_state().0);
    let url = format!("{BASE}/api/agents/coral/echo");
    let view = coral().call_in_process(app.clone(), &url, r#"{"text": "x"}"#).await?;
    assert_eq!((view.status(), view.text.as_str()), (Some(200), ECHOED));
    let elsewhere = coral().call_in_process(app, &format!("{BASE}/api/agents/elsewhere"), "null").await?;
    assert_eq!(elsewhere.text, "the application's own page");
    Ok(())
}

#[tokio::test]
async fn signature_verification_can_be_disabled() -> Result<(), CallerError> {
    let app = super::app(WebhookConfig::dangerously_unsigned());
    let caller = coral_tools::testing::CoralCaller::new(coral_tools::Secret::new("anything"));
    let view = caller.call_in_process(app, &format!("{BASE}/echo"), r#"{"text": "x"}"#).await?;
    assert_eq!((view.status(), view.text.as_str()), (Some(200), ECHOED));
    Ok(())
}
