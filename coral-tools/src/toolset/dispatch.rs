//! The one door: a [`Call`] in, an [`Outcome`] out.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::{Outcome, Toolset};
use crate::call::Call;
use crate::context::Context;
use crate::error::{ToolError, panic_text};
use crate::tool::{Entry, Refusal};
use crate::within::{Elapsed, within};

/// How long a call may take unless the tool or the edge says otherwise: under the 15 s that Coral waits.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(12);

/// Longer than any caller waits, and short enough to be added to an [`Instant`].
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// When a call came, and how long it may take from then on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) arrived: Instant,
    /// For a tool that does not say so itself.
    pub(crate) default: Duration,
    /// For any tool: the edge knows when its caller hangs up.
    pub(crate) most: Duration,
}

impl<S: Sync> Toolset<S> {
    /// Runs a call: arguments are read and checked, the context is made, the tool runs.
    ///
    /// It never panics and always ends: a tool that panics or passes its deadline (12 s unless
    /// it says otherwise) is an [`Outcome`] like any other. Dropping the future drops the tool's. It must run on a tokio
    /// runtime whose timers are on.
    ///
    /// Each call is one `tracing` span, `tool_call`, with the tool, session and agent, the outcome and the duration;
    /// never with arguments. A call that was dropped has the outcome `cancelled`. What a tool said when it panicked is in
    /// the log alone.
    pub async fn dispatch(&self, call: Call<'_>, state: &S) -> Outcome {
        let limits = Limits { arrived: Instant::now(), default: DEFAULT_TIMEOUT, most: LONGEST };
        self.dispatch_within(&call, state, limits).await
    }

    pub(crate) async fn dispatch_within(&self, call: &Call<'_>, state: &S, limits: Limits) -> Outcome {
        let Some(entry) = self.entry(call.tool()) else {
            return Outcome::UnknownTool;
        };
        let span = span(call);
        let limit = entry.descriptor.timeout().unwrap_or(limits.default).min(limits.most).min(LONGEST);
        let context = Context::new(call, state, entry.descriptor.name(), limits.arrived + limit);
        let mut ending = Ending { span: &span, arrived: limits.arrived, label: CANCELLED };
        let outcome = guard(entry, &context, limit).instrument(span.clone()).await;
        ending.label = outcome.label();
        outcome
    }
}

/// The outcome of a call whose future was dropped, because its caller went away.
const CANCELLED: &str = "cancelled";

/// Says in the log how a call ended, however it did.
struct Ending<'a> {
    span: &'a Span,
    arrived: Instant,
    label: &'static str,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let Self { span, arrived, label } = *self;
        if span.is_disabled() {
            return;
        }
        span.record("outcome", label);
        span.record("duration_ms", arrived.elapsed().as_secs_f64() * 1e3);
        span.in_scope(|| tracing::info!("tool call ended"));
    }
}

fn span(call: &Call<'_>) -> Span {
    tracing::info_span!(
        "tool_call",
        tool = call.tool(),
        session = call.session_id(),
        agent = call.agent_name(),
        call = call.id(),
        outcome = Empty,
        duration_ms = Empty,
    )
}

/// Runs the tool under its deadline, and keeps a panic from going further.
async fn guard<S: Sync>(entry: &Entry<S>, context: &Context<'_, S>, limit: Duration) -> Outcome {
    let run = pin!(AssertUnwindSafe(entry.run(context)).catch_unwind());
    match within(context.deadline(), run).await {
        Err(Elapsed) => {
            tracing::warn!("the tool passed its deadline and was dropped");
            Outcome::DeadlinePassed(limit)
        }
        Ok(Err(panic)) => {
            tracing::error!(panic = panic_text(&*panic), "the tool panicked");
            Outcome::Panicked
        }
        Ok(Ok(Ok(json))) => Outcome::Success(json),
        Ok(Ok(Err(Refusal::Arguments(problems)))) => Outcome::BadArguments(problems),
        Ok(Ok(Err(Refusal::Tool(error)))) => failed(&error),
    }
}

fn failed(error: &ToolError) -> Outcome {
    if let Some(cause) = error.chain() {
        tracing::error!(error = error.message(), cause, "the tool failed");
    }
    if error.is_unknown_session() {
        return Outcome::UnknownSession;
    }
    Outcome::Failed(error.message().to_owned())
}
