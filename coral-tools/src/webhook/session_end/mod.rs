//! The end of a session, as Coral reports it: bytes → `Signed` → [`SessionEndReport`] → the handler, once per session.

mod deliveries;

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::FutureExt;
use http::StatusCode;
use tokio::sync::Semaphore;
use tracing::Instrument;

use self::deliveries::{Admission, Record};
use super::body::Reception;
use super::config::Webhooks;
use super::rejection::Rejection;
use crate::error::{ToolError, panic_text};
use crate::json::from_json;
use crate::state::report::SessionEndReport;
use crate::within::{Elapsed, within};

/// A router that hands each [`SessionEndReport`] to `handler`, with the application's state: `POST /session-end`, to be
/// merged with [`Toolset::webhooks`](crate::Toolset::webhooks).
///
/// Coral signs these reports with another secret than the calls of tools: `network.webhookSecret` of a Coral server. The
/// URL for `webhooks.sessionEnd.url` of the session request is the base URL and [`SessionEndReport::PATH`]; Coral adds
/// nothing to it.
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
///
/// Takes a [`Secret`](crate::Secret), several of them, or [`Webhooks`] with the header, the limits and the concurrency; an
/// extended report holds every message of the session, so a long one may need a higher [`Webhooks::body_limit`].
///
/// | answer | when |
/// | --- | --- |
/// | 200 | the handler has succeeded, now or on an earlier delivery |
/// | 500 | it failed, panicked or passed its deadline; the next delivery runs it again |
/// | 503 | it is running, or there is no room |
/// | 400, 401, 405, 408, 413, 415, 422 | not a report; the log says why |
///
/// coral-server 1.2 sends a report once and ignores the answer. Later servers send it up to three times until the answer is
/// 200, some seconds apart, so the sessions of the last 1024 reports are remembered, and the handler runs once for each.
/// The memory is this router's alone: a handler that must not run twice across restarts or machines has to see to it.
///
/// When the caller goes away the handler is dropped, as a tool is. What takes longer than Coral waits (15 s) belongs into
/// a task of its own.
pub fn session_end<S, H, F>(config: impl Into<Webhooks>, handler: H) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    H: FnOnce(SessionEndReport, S) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), ToolError>> + Send + 'static,
{
    let end = Arc::new(End::new(&config.into(), handler));
    let answer = async move |State(state): State<S>, request: Request| -> Response {
        end.answer(request, state).await.map_or_else(Rejection::into_response, IntoResponse::into_response)
    };
    Router::new().route(&format!("/{}", SessionEndReport::PATH), post(answer))
}

/// Everything that is made once and serves every report.
#[derive(Debug)]
struct End<H> {
    reception: Reception,
    timeout: Duration,
    room: Semaphore,
    record: Record,
    handler: H,
}

impl<H> End<H> {
    fn new(config: &Webhooks, handler: H) -> Self {
        Self {
            reception: Reception::new(config),
            timeout: config.timeout,
            room: Semaphore::new(config.concurrency),
            record: Record::default(),
            handler,
        }
    }

    /// The whole line of a report.
    async fn answer<S, F>(&self, request: Request, state: S) -> Result<StatusCode, Rejection>
    where
        H: FnOnce(SessionEndReport, S) -> F + Clone,
        F: Future<Output = Result<(), ToolError>>,
    {
        let arrived = Instant::now();
        let (parts, body) = request.into_parts();
        let signed = self.reception.receive(&parts, body, arrived).await?;
        let _room = self.room.try_acquire().map_err(|_| Rejection::Overloaded)?;
        let Some(report) = read(signed.json(&parts.headers)?) else {
            return Ok(StatusCode::UNPROCESSABLE_ENTITY);
        };
        let run = match self.record.admit(&report.session.id) {
            Admission::Run(run) => run,
            Admission::Running => return Err(Rejection::Running),
            Admission::Handled => return Ok(StatusCode::OK),
        };
        let span = tracing::info_span!("session_end", session = report.session.id);
        let handler = self.handler.clone();
        let handled = succeeds(arrived + self.timeout, async { handler(report, state).await }).instrument(span).await;
        if !handled {
            return Ok(StatusCode::INTERNAL_SERVER_ERROR);
        }
        run.has_succeeded();
        Ok(StatusCode::OK)
    }
}

fn read(json: &[u8]) -> Option<SessionEndReport> {
    from_json(json).inspect_err(|error| tracing::error!(%error, "the report of a session's end cannot be read")).ok()
}

/// Runs the handler under its deadline, and keeps a panic from going further. The log says what went wrong.
async fn succeeds(deadline: Instant, handler: impl Future<Output = Result<(), ToolError>>) -> bool {
    match within(deadline, pin!(AssertUnwindSafe(handler).catch_unwind())).await {
        Ok(Ok(Ok(()))) => return true,
        Ok(Ok(Err(error))) => {
            tracing::error!(error = error.message(), cause = error.chain(), "the handler of a session's end failed");
        }
        Ok(Err(panic)) => {
            tracing::error!(panic = panic_text(&*panic), "the handler of a session's end panicked");
        }
        Err(Elapsed) => tracing::error!("the handler of a session's end passed its deadline and was dropped"),
    }
    false
}
