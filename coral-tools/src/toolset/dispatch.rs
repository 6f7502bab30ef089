//! Runs a [`Call`] and returns its [`Outcome`].

use std::pin::pin;
use std::time::{Duration, Instant};

use tracing::field::Empty;
use tracing::{Instrument, Level, Span};

use super::{Deadlines, Next, Outcome, Toolset};
use crate::call::Call;
use crate::context::Context;
use crate::deadline::{RunOutcome, run_contained};
use crate::tool::RegisteredTool;

impl<S: Sync> Toolset<S> {
    /// Runs a call: the middleware of the set, then the tool. The arguments are parsed and validated, and the context parameters
    /// created.
    ///
    /// The future never panics: a panic or a timeout of the tool or the middleware is an [`Outcome`] (default timeout: 12 s). Dropping the
    /// future cancels the tool. It must be polled on a tokio runtime with time enabled.
    ///
    /// Each call is a `tracing` span, `tool_call`, with tool, session, agent, outcome and duration, but without the
    /// arguments. The outcome of a cancelled call is `cancelled`. The message of a panic is only logged.
    pub async fn dispatch(&self, call: Call<'_>, state: &S) -> Outcome {
        self.dispatch_within(&call, state, Deadlines::new()).await
    }

    /// Like [`Toolset::dispatch`], with other deadlines: for callers that know how long the platform waits.
    pub async fn dispatch_within(&self, call: &Call<'_>, state: &S, deadlines: Deadlines) -> Outcome {
        let Some(tool) = self.find(call.tool()) else {
            return Outcome::UnknownTool;
        };
        let span = span(call);
        let (timeout, deadline) = deadlines.resolve(tool.descriptor.timeout());
        let context = Context::new(call, state, deadline);
        let mut log = CallEndLog { span: &span, arrived: deadlines.arrival(), outcome: CANCELLED };
        let run = async {
            // A set without middleware does not pay for it.
            match &*self.middleware {
                [] => Outcome::from_result(tool.run(&context).await),
                middleware => Next::new(middleware, &tool, &context).run().await,
            }
        };
        let ended = run_contained(deadline, pin!(run.instrument(span.clone()))).await;
        let outcome = span.in_scope(|| outcome_of(ended, &tool, deadline, timeout, self.max_result_bytes));
        log.outcome = outcome.label();
        outcome
    }
}

/// The outcome of a call whose future was dropped, for example because its client disconnected.
const CANCELLED: &str = "cancelled";

/// Logs the end of a call when it is dropped.
struct CallEndLog<'a> {
    span: &'a Span,
    arrived: Instant,
    outcome: &'static str,
}

impl Drop for CallEndLog<'_> {
    fn drop(&mut self) {
        let Self { span, arrived, outcome } = *self;
        if span.is_disabled() {
            return;
        }
        span.record("outcome", outcome);
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

/// Converts the end of a run, and logs what the application has to know about it.
fn outcome_of<S>(
    ended: RunOutcome<Outcome>,
    tool: &RegisteredTool<S>,
    deadline: Instant,
    timeout: Duration,
    max_bytes: usize,
) -> Outcome {
    if matches!(ended, RunOutcome::Finished(_)) {
        warn_if_late(deadline);
    }
    match ended {
        RunOutcome::Finished(outcome) => {
            let outcome = outcome.within(max_bytes);
            if let Outcome::Rejected(reason) = &outcome {
                tracing::info!(reason, "the call was rejected");
            }
            outcome
        }
        RunOutcome::Panicked(panic) => {
            tracing::error!(panic, "the tool panicked");
            Outcome::Panicked
        }
        RunOutcome::TimedOut if tool.blocking => {
            tracing::warn!("the tool exceeded its deadline and continues on its thread; its result will be dropped");
            Outcome::StillRunning(timeout)
        }
        RunOutcome::TimedOut => {
            tracing::warn!("the tool exceeded its deadline and was dropped");
            Outcome::DeadlinePassed(timeout)
        }
    }
}

/// Nothing can interrupt a function that does not await. Its result is returned anyway: the caller may still be waiting.
fn warn_if_late(deadline: Instant) {
    if !tracing::enabled!(Level::WARN) {
        return;
    }
    let late = Instant::now().saturating_duration_since(deadline);
    if !late.is_zero() {
        let late_ms = late.as_secs_f64() * 1e3;
        tracing::warn!(late_ms, "the tool finished after its deadline; mark a function that blocks as `blocking`");
    }
}
