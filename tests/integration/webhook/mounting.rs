//! Where the router may stand in an application.

use axum::Router;
use axum::routing::get;
use coral_tools::WebhookConfig;
use coral_tools::testing::CallerError;

use super::{BASE, coral, doorman, secret, tools};

/// What the tool says to `{"text": "x"}`.
const ECHOED: &str = r#"{"result":"x"}"#;

/// `/coral` belongs to the tools; everything else is the application's own.
fn application() -> Router {
    Router::new()
        .route("/health", get(async || "well"))
        .nest("/coral", tools().webhooks(secret()))
        .fallback(async || "the application's own page")
        .with_state(doorman().0)
}

#[tokio::test]
async fn the_tools_live_beside_an_application_with_pages_of_its_own() -> Result<(), CallerError> {
    let sees = coral().call_in_process(application(), &format!("{BASE}/coral/echo"), r#"{"text": "x"}"#).await?;
    assert_eq!((sees.status(), sees.text.as_str()), (Some(200), ECHOED));
    let elsewhere = coral().call_in_process(application(), &format!("{BASE}/elsewhere"), "null").await?;
    assert_eq!(elsewhere.text, "the application's own page");
    Ok(())
}

#[tokio::test]
async fn the_tools_are_found_however_deep_they_are_nested() -> Result<(), CallerError> {
    let api = Router::new().nest("/agents", Router::new().nest("/coral", tools().webhooks(secret())));
    let pages = Router::new().route("/", get(async || "home")).fallback(async || "the application's own page");
    let app = pages.merge(Router::new().nest("/api", api)).with_state(doorman().0);
    let url = format!("{BASE}/api/agents/coral/echo");
    let sees = coral().call_in_process(app.clone(), &url, r#"{"text": "x"}"#).await?;
    assert_eq!((sees.status(), sees.text.as_str()), (Some(200), ECHOED));
    let elsewhere = coral().call_in_process(app, &format!("{BASE}/api/agents/elsewhere"), "null").await?;
    assert_eq!(elsewhere.text, "the application's own page");
    Ok(())
}

#[tokio::test]
async fn a_network_of_ones_own_may_do_without_signatures() -> Result<(), CallerError> {
    let app = super::app(WebhookConfig::dangerously_unsigned());
    let anybody = coral_tools::testing::CoralCaller::new(coral_tools::Secret::new("anything"));
    let sees = anybody.call_in_process(app, &format!("{BASE}/echo"), r#"{"text": "x"}"#).await?;
    assert_eq!((sees.status(), sees.text.as_str()), (Some(200), ECHOED));
    Ok(())
}
