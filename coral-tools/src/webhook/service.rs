//! The steps of a call: request → [`AcceptedBody`](super::body::AcceptedBody) → [`CallAddress`] → [`Call`] → `Outcome` →
//! response.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::TryFutureExt;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use super::address::CallAddress;
use super::body::BodyReceiver;
use super::config::WebhookConfig;
use super::probe::{ProbeResponder, ReceivedRequest};
use super::rejected_caller::RejectedCaller;
use super::rejection::Rejection;
use super::rejection_log::RejectionLog;
use super::response::{self, ResponseBody};
use super::running_calls::RunningCalls;
use crate::build_error::BuildErrors;
use crate::call::{Call, CallOrigin};
use crate::deadline::now;
use crate::state::report::SessionEndReport;
use crate::toolset::{Deadlines, Outcome, Toolset};

/// The path at which Coral Cloud requests the application's id.
pub(super) const VERIFICATION_PATH: &str = "/_coral/verification";

/// Coral closes the connection after 15 s, which include connecting and sending the body; a later response is lost.
const CEILING: Duration = Duration::from_secs(14);

impl<S: Send + Sync + 'static> Toolset<S> {
    /// Returns a [tower service](WebhookService) that handles Coral's calls, for servers other than axum.
    ///
    /// It behaves like [`Toolset::webhooks`](crate::Toolset::webhooks), which lists the responses; `state` is what tools
    /// receive with [`Context::state`](crate::Context::state). The path of a request must start with the name of the
    /// tool: remove the path of the base URL from it first.
    ///
    /// A tool that is invalid (see [`Toolset::check`]) is logged and not served; [`Toolset::try_webhook_service`] returns
    /// the errors instead.
    pub fn webhook_service(&self, config: impl Into<WebhookConfig>, state: S) -> WebhookService<S> {
        let pipeline = CallPipeline::new(self.clone(), config.into());
        WebhookService { inner: Arc::new(ServiceState { pipeline, state }) }
    }

    /// Like [`Toolset::webhook_service`], for an application that refuses to start if anything is invalid.
    ///
    /// # Errors
    ///
    /// Returns an error if a tool is invalid (see [`Toolset::check`]), or if all secrets are empty.
    pub fn try_webhook_service(
        &self,
        config: impl Into<WebhookConfig>,
        state: S,
    ) -> Result<WebhookService<S>, BuildErrors> {
        let config = config.into();
        check(self, &config)?;
        Ok(self.webhook_service(config, state))
    }
}

/// Collects everything that is invalid about the tools and the configuration.
pub(super) fn check<S>(tools: &Toolset<S>, config: &WebhookConfig) -> Result<(), BuildErrors> {
    let (tools, secrets) = (tools.check().err(), config.check_secrets().err());
    let errors: Vec<_> = tools.iter().flatten().cloned().chain(secrets).collect();
    if errors.is_empty() { Ok(()) } else { Err(BuildErrors::new(errors)) }
}

/// A tower service that handles Coral's calls of the tools of a [`Toolset`]. Made by [`Toolset::webhook_service`].
///
/// It takes requests with any body and is cheap to clone. It is always ready: calls over
/// [`WebhookConfig::concurrency`], or the share of one tool, get a 503 response. With hyper:
///
/// ```
/// use coral_tools::{Secret, Toolset, coral_tool, toolset};
/// use http_body_util::Full;
/// use tower::ServiceExt;
///
/// /// Responds with "pong".
/// #[coral_tool]
/// fn ping() -> &'static str {
///     "pong"
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tools: Toolset = toolset![ping];
/// let service = tools.webhook_service(Secret::new("…"), ());
///
/// // With hyper: `http1::Builder::new().serve_connection(io, TowerToHyperService::new(service))`.
/// let unsigned = http::Request::post("/ping/session/agent").body(Full::<&[u8]>::default()).unwrap();
/// let response = service.oneshot(unsigned).await.unwrap();
/// assert_eq!(response.status(), 401);
/// # }
/// ```
pub struct WebhookService<S = ()> {
    inner: Arc<ServiceState<S>>,
}

struct ServiceState<S> {
    pipeline: CallPipeline<S>,
    state: S,
}

impl<S: Sync> WebhookService<S> {
    /// Handles one request. [`Service::call`] without the boxed future.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<ResponseBody>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        self.inner.pipeline.handle(&parts, body, &self.inner.state).await
    }
}

impl<S, B> Service<Request<B>> for WebhookService<S>
where
    S: Send + Sync + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        let inner = Arc::clone(&self.inner);
        let (parts, body) = request.into_parts();
        ResponseFuture(Box::pin(async move { inner.pipeline.handle(&parts, body, &inner.state).await }))
    }
}

impl<S> Clone for WebhookService<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S> fmt::Debug for WebhookService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookService").field("tools", &self.inner.pipeline.tools).finish_non_exhaustive()
    }
}

/// The future of a response of [`WebhookService`] or [`SessionEndService`](super::SessionEndService).
#[must_use = "futures do nothing unless polled"]
pub struct ResponseFuture(pub(super) Pin<Box<dyn Future<Output = Response<ResponseBody>> + Send>>);

impl Future for ResponseFuture {
    type Output = Result<Response<ResponseBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context).map(Ok)
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

/// Handles calls: everything that is created once and shared by all calls, except the application's state.
#[derive(Debug)]
pub(super) struct CallPipeline<S> {
    tools: Toolset<S>,
    config: WebhookConfig,
    bodies: BodyReceiver,
    running_calls: RunningCalls,
    rejections: Arc<RejectionLog>,
    probes: ProbeResponder,
}

impl<S> CallPipeline<S> {
    /// Logs what is invalid, so that it is known before the first call.
    pub(super) fn new(tools: Toolset<S>, config: WebhookConfig) -> Self {
        for error in tools.check().err().iter().flatten() {
            tracing::error!(%error, "a tool is invalid");
        }
        let running_calls = RunningCalls::new(&config);
        Self {
            tools,
            bodies: BodyReceiver::for_calls(&config),
            running_calls,
            rejections: Arc::default(),
            probes: ProbeResponder::default(),
            config,
        }
    }
}

impl<S: Sync> CallPipeline<S> {
    pub(super) fn handle<B>(&self, parts: &Parts, body: B, state: &S) -> impl Future<Output = Response<ResponseBody>>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        self.call(parts, body, state).unwrap_or_else(|rejection| self.reject(rejection, parts))
    }

    /// All steps of a call, in order.
    ///
    /// An async function would store each parameter twice, and every request has room for its future.
    #[expect(clippy::manual_async_fn, reason = "the future is smaller")]
    fn call<B>(
        &self,
        parts: &Parts,
        body: B,
        state: &S,
    ) -> impl Future<Output = Result<Response<ResponseBody>, Rejection>>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        async move {
            if let Some(id) = self.requested_application_id(parts) {
                return Ok(response::text(id));
            }
            if parts.method != Method::POST {
                return Err(Rejection::MethodNotAllowed);
            }
            let arrived = now();
            let body = self.bodies.receive(parts, body, arrived).await?;
            if let Some(response) = body.array().and_then(|body| self.probes.respond(&self.probe(parts), body)) {
                return Ok(response);
            }
            let address = CallAddress::from_request(parts, &self.config.caller_headers, self.config.session_ids)?;
            let arguments = body.json(&parts.headers)?;
            let tool = self.tools.find(address.tool).ok_or(Rejection::UnknownTool)?;
            let permit = self.running_calls.permit(&self.tools, &tool)?;
            let call = tool_call(address, arguments, parts).with_permit(permit);
            let outcome = self.tools.run_tool(&tool, &call, state, self.deadlines(arrived)).await;
            respond(outcome)
        }
    }

    /// Logs the rejection of a request and returns the response.
    fn reject(&self, rejection: Rejection, parts: &Parts) -> Response<ResponseBody> {
        if let Some(response) = self.probes.explain(&self.probe(parts), &rejection) {
            return response;
        }
        let rejection = self.explain(rejection, parts);
        let caller = RejectedCaller::of(parts, &self.config.caller_headers);
        self.rejections.log(&rejection, parts.uri.path(), caller.fields());
        rejection.into_response()
    }

    fn probe<'a>(&'a self, parts: &'a Parts) -> ReceivedRequest<'a, S> {
        ReceivedRequest { parts, config: &self.config, verifier: self.bodies.verifier(), tools: &self.tools }
    }

    /// Recognizes a session-end report among the rejected requests: its path has no session and agent. The router of the
    /// tools receives it if the application has not merged the router of reports.
    fn explain(&self, rejection: Rejection, parts: &Parts) -> Rejection {
        let is_report = || {
            parts.uri.path().trim_matches('/') == SessionEndReport::PATH
                && self.tools.descriptor(SessionEndReport::PATH).is_none()
        };
        match rejection {
            Rejection::Unauthorized(_) if is_report() => Rejection::UnverifiedReport,
            Rejection::InvalidAddress(_) | Rejection::UnknownTool | Rejection::UnsupportedMediaType if is_report() => {
                Rejection::UnhandledReport
            }
            other => other,
        }
    }

    fn requested_application_id(&self, parts: &Parts) -> Option<&str> {
        let id = self.config.application_id.as_deref()?;
        (parts.method == Method::GET && parts.uri.path() == VERIFICATION_PATH).then_some(id)
    }

    /// A tool's own timeout may be longer than Coral waits: a response in time is better than one that is lost.
    fn deadlines(&self, arrived: Instant) -> Deadlines {
        let default = self.config.timeout;
        Deadlines::from_arrival(arrived).default_timeout(default).ceiling(CEILING.max(default))
    }
}

fn tool_call<'a>(address: CallAddress<'a>, arguments: &'a [u8], parts: &'a Parts) -> Call<'a> {
    let mut call = Call::new(address.tool, arguments)
        .in_session(address.session)
        .from_origin(CallOrigin::Coral)
        .with_headers(&parts.headers)
        .with_extensions(&parts.extensions);
    if let Some(agent) = address.agent {
        call = call.by_agent(agent);
    }
    if let Some(namespace) = address.namespace {
        call = call.in_namespace(namespace);
    }
    if let Some(query) = parts.uri.query() {
        call = call.with_query(query);
    }
    call
}

/// Converts an outcome by its audience: an agent reads the body only if the status is exactly 200, so everything that it
/// can act on has that status.
fn respond(outcome: Outcome) -> Result<Response<ResponseBody>, Rejection> {
    let status = match outcome {
        Outcome::UnknownTool => return Err(Rejection::UnknownTool),
        Outcome::UnknownSession => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    Ok(response::json(status, outcome.into_json()))
}
