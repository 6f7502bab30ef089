//! The webhooks as an axum router, and axum handlers without a boxed future.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{any, get, post};

use super::config::WebhookConfig;
use super::service::{CallPipeline, VERIFICATION_PATH, check};
use super::session_end::{SessionEndPipeline, run_handler, run_handler_with_context};
use crate::build_error::BuildErrors;
use crate::context::FromContext;
use crate::error::ToolError;
use crate::state::report::SessionEndReport;
use crate::toolset::Toolset;

/// Matches every path except `/`.
///
/// The pipeline reads the path itself. A fallback would avoid the path parameter, but axum drops the fallback of a router
/// that is nested in a nested router.
const ANY_PATH: &str = "/{*coral_call}";

impl<S: Clone + Send + Sync + 'static> Toolset<S> {
    /// Returns an axum router that handles Coral's calls: `POST /{tool}/{session}/{agent…}`. Each call is verified before
    /// it is parsed.
    ///
    /// Nest it under the path of the URL that is passed to [`Toolset::custom_tools`]. That path may have parameters, such as
    /// `/{tenant}/coral`, for URLs that differ between sessions: a tool reads them with `#[context]` and
    /// [`Path`](crate::Path), by name. So does a layer around this router, since the path of the call is one more parameter,
    /// `coral_call`. The configuration is a [`Secret`], several of them, [`RotatingSecrets`](super::RotatingSecrets), or a
    /// [`WebhookConfig`].
    ///
    /// | response | when | who reads it |
    /// | --- | --- | --- |
    /// | 200 and the value | the tool returned | the agent |
    /// | 200 and `{"success": false, "error": "…", "details": […]}` | invalid arguments, a [`ToolError`], a timeout, a rejection by [middleware](crate::middleware) | the agent |
    /// | 400 and `{"success": false, "error": "Invalid session"}` | [`ToolError::unknown_session`] | the agent sees the status |
    /// | 400, 401, 404, 405, 408, 413, 415, 503, without a body | a rejected request | the log has the reason |
    ///
    /// To be notified of the end of a session, merge [`webhook::session_end`](session_end).
    ///
    /// # Calls and sessions
    ///
    /// A call is cancelled when its client disconnects, but Coral does not disconnect when a session ends: neither closing
    /// the session nor its TTL drops a running call, which continues until its result or for 15 s. So a tool may run, and
    /// write, after the end of its session.
    ///
    /// One Coral server makes at most 100 calls at a time to one host and port. Further calls wait on the server, without an
    /// error and outside its 15 s, until one of these 100 has its response: 250 calls of 8 s take 24 s. So slow tools delay
    /// all others of the same host, and a single server cannot reach the default of [`WebhookConfig::concurrency`].
    ///
    /// # Agents that reject the results
    ///
    /// coral-server 1.2 advertises an `outputSchema` for every custom tool and never returns the `structuredContent` that
    /// MCP requires with it. The official SDKs for Python (`mcp` 2.3.0) and TypeScript (1.32.2) reject every response with
    /// status 200, after the tool has run: "Tool … has an output schema but did not return structured content". No request
    /// and no response avoids this. It works with agents on Koog or rmcp, with agents that send `tools/call` themselves, and
    /// with every agent on coral-server 1.1.
    ///
    /// # Invalid tools
    ///
    /// A tool that is invalid (see [`Toolset::check`]) is logged and not served; [`Toolset::try_webhooks`] returns the
    /// errors instead.
    ///
    /// [`Secret`]: crate::Secret
    pub fn webhooks(&self, config: impl Into<WebhookConfig>) -> Router<S> {
        let pipeline = Arc::new(CallPipeline::new(self.clone(), config.into()));
        let handler = move |request: Request, state| {
            let (parts, body) = request.into_parts();
            async move { pipeline.handle(&parts, body, &state).await.map(Body::new) }
        };
        Router::new().route(ANY_PATH, any(UnboxedHandler(handler)))
    }

    /// Like [`Toolset::webhooks`], for an application that refuses to start if anything is invalid.
    ///
    /// # Errors
    ///
    /// Returns an error if a tool is invalid (see [`Toolset::check`]), or if all secrets are empty.
    pub fn try_webhooks(&self, config: impl Into<WebhookConfig>) -> Result<Router<S>, BuildErrors> {
        let config = config.into();
        check(self, &config)?;
        Ok(self.webhooks(config))
    }
}

/// Returns an axum router that responds to `GET /_coral/verification` with the application's id.
///
/// Merge it at the root if the webhooks are nested under a path. Otherwise [`WebhookConfig::application_id`] is enough.
pub fn verification<S: Clone + Send + Sync + 'static>(application_id: impl Into<String>) -> Router<S> {
    let id: Arc<str> = application_id.into().into();
    Router::new().route(VERIFICATION_PATH, get(async move || id.to_string()))
}

/// Returns an axum router that passes each [`SessionEndReport`] to `handler`, with the application's state: `POST
/// /session-end`. Merge it with [`Toolset::webhooks`](crate::Toolset::webhooks).
///
/// [`SessionEndService`](super::SessionEndService) describes the responses and when `handler` runs.
///
/// ```
/// use axum::Router;
/// use coral_tools::webhook::session_end;
/// use coral_tools::{Secret, SessionEndReport, Toolset, toolset};
///
/// #[derive(Clone)]
/// struct App;
/// # impl App { async fn close(&self, _session: &str) -> std::io::Result<()> { Ok(()) } }
///
/// let tools: Toolset<App> = toolset![];
/// let ended = session_end(Secret::new("…"), async |report: SessionEndReport, app: App| {
///     app.close(&report.session.id).await?;
///     Ok(())
/// });
/// let app: Router = Router::new().nest("/coral", tools.webhooks(Secret::new("…")).merge(ended)).with_state(App);
/// ```
pub fn session_end<S, H, F>(config: impl Into<WebhookConfig>, handler: H) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    H: FnOnce(SessionEndReport, S) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), ToolError>> + Send + 'static,
{
    let pipeline = Arc::new(SessionEndPipeline::new(&config.into(), handler));
    report_route(move |request, state| async move { pipeline.handle(request, state, run_handler).await.map(Body::new) })
}

/// Like [`session_end`], with a handler that also takes a context parameter, as tools do.
///
/// The parameter is any type with [`FromContext`], such as the [`Path`](crate::Path) under which the routers are nested,
/// an [`Extension`](crate::Extension), or a type of your own. Its [`Context`](crate::Context) has the session and the
/// namespace of the report, and the name of the tool is [`SessionEndReport::PATH`]; it has no agent. If the parameter cannot
/// be created, the response is 500, as for an error of the handler.
///
/// ```
/// use axum::Router;
/// use coral_tools::webhook::session_end_with_context;
/// use coral_tools::{Path, Secret, SessionEndReport, Toolset, toolset};
///
/// #[derive(Clone)]
/// struct App;
/// # impl App { async fn close(&self, _tenant: u32, _session: &str) -> std::io::Result<()> { Ok(()) } }
///
/// let tools: Toolset<App> = toolset![];
/// let handler = async |report: SessionEndReport, app: App, Path(tenant): Path<u32>| {
///     app.close(tenant, &report.session.id).await?;
///     Ok(())
/// };
/// let webhooks = tools.webhooks(Secret::new("…")).merge(session_end_with_context(Secret::new("…"), handler));
/// let app: Router = Router::new().nest("/{tenant}/coral", webhooks).with_state(App);
/// ```
pub fn session_end_with_context<S, T, H, F>(config: impl Into<WebhookConfig>, handler: H) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    T: FromContext<S> + Send + 'static,
    H: FnOnce(SessionEndReport, S, T) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), ToolError>> + Send + 'static,
{
    let pipeline = Arc::new(SessionEndPipeline::new(&config.into(), handler));
    report_route(move |request, state| async move {
        pipeline.handle(request, state, run_handler_with_context).await.map(Body::new)
    })
}

fn report_route<S, H, F>(handler: H) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    H: FnOnce(Request, S) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    Router::new().route(&format!("/{}", SessionEndReport::PATH), post(UnboxedHandler(handler)))
}

/// An axum handler that is a function of the request and the state. axum's own handlers box their futures.
#[derive(Clone)]
struct UnboxedHandler<F>(F);

impl<F, Fut, S> Handler<(), S> for UnboxedHandler<F>
where
    F: FnOnce(Request, S) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Response> + Send + 'static,
{
    type Future = Fut;

    fn call(self, request: Request, state: S) -> Fut {
        (self.0)(request, state)
    }
}
