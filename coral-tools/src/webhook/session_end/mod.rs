//! The session-end webhook: request → `AcceptedBody` → [`SessionEndReport`] → the handler, once per session.

mod deliveries;
mod log;

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;
use tracing::Instrument;

use self::deliveries::{DeliveryStatus, DeliveryTracker};
use self::log::SessionEndLog;
use super::body::BodyReceiver;
use super::config::WebhookConfig;
use super::rejection::Rejection;
use super::rejection_log::RejectionLog;
use super::response::{self, ResponseBody};
use super::service::ResponseFuture;
use crate::call::{Call, CallOrigin};
use crate::call_permit::CallCounter;
use crate::context::{self, FromContext, SessionEndMarker};
use crate::deadline::{RunOutcome, now, run_contained};
use crate::error::ToolError;
use crate::json::from_json;
use crate::state::report::SessionEndReport;
use crate::telemetry::{CallFields, call_event};

/// A tower service that passes each [`SessionEndReport`] that Coral sends to a handler. With axum, use
/// [`session_end`](super::session_end()).
///
/// Coral signs these reports with another secret than calls: `network.webhookSecret` of a Coral server. The URL for
/// `webhooks.sessionEnd.url` of the session request is the base URL followed by [`SessionEndReport::PATH`]; Coral appends
/// nothing to it. The service itself ignores the path.
///
/// The configuration is a [`Secret`](crate::Secret), several of them, [`RotatingSecrets`](super::RotatingSecrets), or a
/// [`WebhookConfig`], of which the header, the limits, the timeout and the concurrency apply. An extended report contains every message of the session, so long
/// sessions may need a higher [`WebhookConfig::body_limit`].
///
/// | response | when |
/// | --- | --- |
/// | 200 | the handler has succeeded, for this or an earlier delivery |
/// | 500 | it failed, panicked or exceeded its deadline; the next delivery runs it again |
/// | 503 | it is running for this session, or the concurrency limit is reached |
/// | 400, 401, 405, 408, 413, 415, 422 | a rejected request; the log has the reason |
///
/// coral-server 1.2 sends a report once and ignores the response. Later servers send it up to three times until the
/// response is 200, some seconds apart. The handler therefore runs once per session, for the last 1024 sessions. This
/// deduplication is in the memory of one process: a handler that must not run twice across restarts or machines has to
/// ensure that itself.
///
/// The handler is cancelled when the client disconnects, as tools are. Spawn a task for work that takes longer than the
/// 15 s that Coral waits.
pub struct SessionEndService<S, H> {
    inner: Arc<ServiceState<S, H>>,
}

struct ServiceState<S, H> {
    pipeline: SessionEndPipeline<H>,
    state: S,
}

impl<S, H> SessionEndService<S, H> {
    /// Creates a service that runs `handler` with each report and `state`.
    pub fn new<F>(config: impl Into<WebhookConfig>, state: S, handler: H) -> Self
    where
        H: FnOnce(SessionEndReport, S) -> F + Clone,
        F: Future<Output = Result<(), ToolError>>,
    {
        Self::with_handler(config, state, handler)
    }

    fn with_handler(config: impl Into<WebhookConfig>, state: S, handler: H) -> Self {
        let pipeline = SessionEndPipeline::new(&config.into(), handler);
        Self { inner: Arc::new(ServiceState { pipeline, state }) }
    }
}

impl<S, T, H> SessionEndService<S, ContextHandler<T, H>> {
    /// Like [`SessionEndService::new`], with a handler that also takes a context parameter, as tools do.
    ///
    /// The parameter is any type with [`FromContext`], which reads the headers and extensions of the request, or the state. Its
    /// [`Context`](crate::Context) has the session and the namespace of the report, and the name of the tool is
    /// [`SessionEndReport::PATH`]; it has no agent. If the parameter cannot be created, the response is 500, as for an error of the
    /// handler.
    ///
    /// ```
    /// use coral_tools::webhook::SessionEndService;
    /// use coral_tools::{Context, FromContext, Secret, SessionEndReport, ToolError};
    ///
    /// /// The region of the server, which a proxy adds to the request.
    /// struct Region(String);
    ///
    /// impl<S: Sync> FromContext<S> for Region {
    ///     async fn from_context(context: &Context<'_, S>) -> Result<Self, ToolError> {
    ///         let region = context.headers().and_then(|headers| headers.get("X-Region")?.to_str().ok());
    ///         region.map(|region| Self(region.to_owned())).ok_or_else(|| ToolError::new("the request has no region"))
    ///     }
    /// }
    ///
    /// #[derive(Clone)]
    /// struct App;
    /// # impl App { async fn close(&self, _region: &str, _session: &str) -> std::io::Result<()> { Ok(()) } }
    ///
    /// let handler = async |report: SessionEndReport, app: App, Region(region): Region| {
    ///     app.close(&region, &report.session.id).await?;
    ///     Ok(())
    /// };
    /// let service = SessionEndService::with_context(Secret::new("…"), App, handler);
    /// # drop(service);
    /// ```
    pub fn with_context<F>(config: impl Into<WebhookConfig>, state: S, handler: H) -> Self
    where
        T: FromContext<S>,
        H: FnOnce(SessionEndReport, S, T) -> F + Clone,
        F: Future<Output = Result<(), ToolError>>,
    {
        Self::with_handler(config, state, ContextHandler { handler, parameter: PhantomData })
    }
}

/// A handler of reports that takes a context parameter `T`: see [`SessionEndService::with_context`].
pub struct ContextHandler<T, H> {
    handler: H,
    parameter: PhantomData<fn() -> T>,
}

impl<T, H: Clone> Clone for ContextHandler<T, H> {
    fn clone(&self) -> Self {
        Self { handler: self.handler.clone(), parameter: PhantomData }
    }
}

impl<T, H> fmt::Debug for ContextHandler<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextHandler").finish_non_exhaustive()
    }
}

impl<S, H, F, B> Service<Request<B>> for SessionEndService<S, H>
where
    S: Clone + Send + Sync + 'static,
    H: FnOnce(SessionEndReport, S) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), ToolError>> + Send + 'static,
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
        ResponseFuture(Box::pin(async move { inner.pipeline.handle(request, inner.state.clone(), run_handler).await }))
    }
}

impl<S, T, H, F, B> Service<Request<B>> for SessionEndService<S, ContextHandler<T, H>>
where
    S: Clone + Send + Sync + 'static,
    T: FromContext<S> + Send + 'static,
    H: FnOnce(SessionEndReport, S, T) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), ToolError>> + Send + 'static,
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
        let run = |handler: ContextHandler<T, H>, delivery| run_handler_with_context(handler.handler, delivery);
        ResponseFuture(Box::pin(async move { inner.pipeline.handle(request, inner.state.clone(), run).await }))
    }
}

impl<S, H> Clone for SessionEndService<S, H> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S, H> fmt::Debug for SessionEndService<S, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionEndService").finish_non_exhaustive()
    }
}

/// Handles reports: everything that is created once and shared by all reports, except the application's state.
#[derive(Debug)]
pub(super) struct SessionEndPipeline<H> {
    bodies: BodyReceiver,
    timeout: Duration,
    concurrency: usize,
    running_handlers: Arc<CallCounter>,
    deliveries: DeliveryTracker,
    rejections: Arc<RejectionLog>,
    handler: H,
}

impl<H> SessionEndPipeline<H> {
    pub(super) fn new(config: &WebhookConfig, handler: H) -> Self {
        Self {
            bodies: BodyReceiver::for_reports(config),
            timeout: config.timeout,
            concurrency: config.concurrency,
            running_handlers: Arc::default(),
            deliveries: DeliveryTracker::default(),
            rejections: Arc::default(),
            handler,
        }
    }

    /// Handles a request. `run` runs the handler; it is [`run_handler`] or [`run_handler_with_context`].
    pub(super) async fn handle<S, F, B>(
        &self,
        request: Request<B>,
        state: S,
        run: impl FnOnce(H, Delivery<S>) -> F,
    ) -> Response<ResponseBody>
    where
        H: Clone,
        F: Future<Output = Result<(), ToolError>>,
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let (parts, body) = request.into_parts();
        let uri = parts.uri.clone();
        match self.report(parts, body, state, run).await {
            Ok(status) => response::empty(status),
            Err(rejection) => {
                let caller = match &rejection {
                    Rejection::AlreadyHandling { session } => CallFields::of_session(session),
                    _ => CallFields::default(),
                };
                self.rejections.log(&rejection, uri.path(), caller);
                rejection.into_response()
            }
        }
    }

    /// All steps of a report, in order.
    async fn report<S, F, B>(
        &self,
        parts: Parts,
        body: B,
        state: S,
        run: impl FnOnce(H, Delivery<S>) -> F,
    ) -> Result<StatusCode, Rejection>
    where
        H: Clone,
        F: Future<Output = Result<(), ToolError>>,
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let arrived = now();
        if parts.method != Method::POST {
            return Err(Rejection::MethodNotAllowed);
        }
        let body = self.bodies.receive(&parts, body, arrived).await?;
        let _permit = self.running_handlers.try_add(self.concurrency).ok_or(Rejection::TooManyCalls)?;
        let Some(report) = parse(body.json(&parts.headers)?) else {
            return Ok(StatusCode::UNPROCESSABLE_ENTITY);
        };
        let delivery = match self.deliveries.begin(&report.session.id) {
            DeliveryStatus::New(delivery) => delivery,
            DeliveryStatus::InProgress => return Err(Rejection::AlreadyHandling { session: report.session.id.into() }),
            DeliveryStatus::Handled => return Ok(StatusCode::OK),
        };
        let log = SessionEndLog::start(&report, arrived);
        let span = log.span();
        let deadline = arrived + self.timeout;
        let handler = self.handler.clone();
        let handling = async { run(handler, Delivery { report, state, parts, deadline }).await };
        let ended = run_contained(deadline, pin!(Some(handling.instrument(span)))).await;
        match failure_of(ended, &log) {
            None => {
                log.end("success");
                delivery.complete();
                Ok(StatusCode::OK)
            }
            Some(outcome) => {
                log.end(outcome);
                Ok(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

/// A report that a handler has to handle, with the request that contained it.
pub(super) struct Delivery<S> {
    report: SessionEndReport,
    state: S,
    parts: Parts,
    deadline: Instant,
}

/// Runs a handler that takes the report and the state.
pub(super) fn run_handler<S, H, F>(handler: H, delivery: Delivery<S>) -> F
where
    H: FnOnce(SessionEndReport, S) -> F,
{
    handler(delivery.report, delivery.state)
}

/// Runs a handler that also takes a context parameter.
pub(super) async fn run_handler_with_context<S, T, H, F>(handler: H, delivery: Delivery<S>) -> Result<(), ToolError>
where
    S: Sync,
    T: FromContext<S>,
    H: FnOnce(SessionEndReport, S, T) -> F,
    F: Future<Output = Result<(), ToolError>>,
{
    let Delivery { report, state, mut parts, deadline } = delivery;
    parts.extensions.insert(SessionEndMarker);
    let parameter = {
        let call = report_call(&report, &parts);
        T::from_context(&context::Context::new(&call, &state, deadline)).await?
    };
    handler(report, state, parameter).await
}

/// A report as a call, from which context parameters are created.
fn report_call<'a>(report: &'a SessionEndReport, parts: &'a Parts) -> Call<'a> {
    let call = Call::new(SessionEndReport::PATH, b"")
        .in_session(&*report.session.id)
        .in_namespace(&*report.namespace.name)
        .from_origin(CallOrigin::Coral)
        .with_headers(&parts.headers)
        .with_extensions(&parts.extensions);
    match parts.uri.query() {
        Some(query) => call.with_query(query),
        None => call,
    }
}

fn parse(json: &[u8]) -> Option<SessionEndReport> {
    from_json(json)
        .inspect_err(|error| {
            tracing::error!(%error, "the report of a session's end cannot be parsed");
        })
        .ok()
}

/// Returns the label of a failure of the handler, and logs it.
fn failure_of(ended: RunOutcome<Result<(), ToolError>>, log: &SessionEndLog) -> Option<&'static str> {
    match ended {
        RunOutcome::Finished(Ok(())) => None,
        RunOutcome::Finished(Err(error)) => {
            let (message, cause) = (error.message(), error.source_chain());
            call_event!(error, log.fields(), "the session-end handler failed", error = message, cause);
            Some("failed")
        }
        RunOutcome::Panicked(panic) => {
            call_event!(error, log.fields(), "the session-end handler panicked", panic);
            Some("panicked")
        }
        RunOutcome::TimedOut => {
            call_event!(error, log.fields(), "the session-end handler exceeded its deadline and was dropped");
            Some("deadline_passed")
        }
    }
}
