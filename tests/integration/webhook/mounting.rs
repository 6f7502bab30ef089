//! The webhook router within the router of an application.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use coral_tools::serde::Deserialize;
use coral_tools::testing::{CallerError, Harness};
use coral_tools::{Call, Extension, Path, Toolset, WebhookConfig, coral_tool, toolset};

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

/// Returns the parameters of the path.
#[coral_tool]
fn path_parameters(#[context] Path(run): Path<TenantRun>) -> String {
    format!("{} {}", run.tenant, run.run)
}

#[derive(Debug, Deserialize)]
struct TenantRun {
    tenant: String,
    run: u32,
}

/// Returns one of the parameters of the path.
#[coral_tool]
fn path_parameter(#[context] Path(tenant): Path<Tenant>) -> String {
    tenant.tenant
}

#[derive(Debug, Deserialize)]
struct Tenant {
    tenant: String,
}

fn path_tools() -> Toolset {
    toolset![path_parameters, path_parameter]
}

#[tokio::test]
async fn path_parameters_of_outer_routes_are_context() {
    let inner = Router::new().nest("/{run}/coral", path_tools().webhooks(secret()));
    let both = Harness::from_router(Router::new().nest("/{tenant}", inner), "/Zo%C3%AB%201/7/coral", secret());
    assert_eq!(both.call(("path_parameters", ())).await.value::<String>().unwrap(), "Zoë 1 7");

    let one = Router::new().nest("/{tenant}/coral", path_tools().webhooks(secret()));
    let one = Harness::from_router(one, "/acme/coral", secret()).by_agent("a/b");
    assert_eq!(one.call(("path_parameter", ())).await.value::<String>().unwrap(), "acme");
}

#[tokio::test]
async fn missing_path_parameters_are_an_internal_error() {
    let response = Harness::new(&path_tools(), ()).call(("path_parameter", ())).await;
    assert_eq!(response.error(), Some("the tool failed"));
    let outcome = path_tools().dispatch(Call::new("path_parameter", b""), &()).await;
    assert_eq!(outcome.into_json(), br#"{"success":false,"error":"the tool failed"}"#);
}

/// A layer of the application reads the parameter, and adds what it finds.
#[tokio::test]
async fn a_layer_around_the_webhooks_reads_path_parameters() {
    #[derive(Deserialize)]
    struct Named {
        id: u32,
    }
    let named = async |Path(path): Path<Named>, mut request: Request, next: Next| {
        request.extensions_mut().insert(path.id);
        next.run(request).await
    };
    /// Returns the number that the layer has added.
    #[coral_tool]
    fn number_of_layer(#[context] Extension(id): Extension<u32>) -> u32 {
        id
    }
    let tools: Toolset = toolset![number_of_layer];
    let app = Router::new().nest("/coral/{id}", tools.webhooks(secret()).layer(from_fn(named)));
    let response = Harness::from_router(app, "/coral/42", secret()).call(("number_of_layer", ())).await;
    assert_eq!(response.value::<u32>().unwrap(), 42);
}

#[tokio::test]
async fn signature_verification_can_be_disabled() -> Result<(), CallerError> {
    let app = super::app(WebhookConfig::dangerously_unsigned());
    let caller = coral_tools::testing::CoralCaller::new(coral_tools::Secret::new("anything"));
    let view = caller.call_in_process(app, &format!("{BASE}/echo"), r#"{"text": "x"}"#).await?;
    assert_eq!((view.status(), view.text.as_str()), (Some(200), ECHOED));
    Ok(())
}
