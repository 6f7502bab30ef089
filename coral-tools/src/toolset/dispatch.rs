//! Runs a [`Call`] and returns its [`Outcome`].

use std::pin::pin;
use std::time::{Duration, Instant};

use tracing::{Instrument, Level};

use super::call_log::CallLog;
use super::inner_run::InnerRun;
use super::recording::{record, recorded_call};
use super::tool_result::outcome_of_result;
use super::{Deadlines, Next, Outcome, Toolset};
use crate::call::Call;
use crate::context::Context;
use crate::deadline::{RunOutcome, now, run_contained};
use crate::telemetry::{call_event, metrics, milliseconds};
use crate::tool::{Delivery, RegisteredTool};

impl<S: Sync> Toolset<S> {
    /// Runs a call: the approval policies and the middleware of the set, then the tool. The arguments are parsed and validated, and the
    /// context parameters created.
    ///
    /// The future never panics: a panic or a timeout of the tool or the middleware is an [`Outcome`] (default timeout: 12 s). Dropping the
    /// future cancels the tool. It must be polled on a tokio runtime with time enabled.
    ///
    /// Each call is a `tracing` span, `execute_tool`, with tool, session, agent and namespace, but without the arguments. The outcome
    /// and duration are in the event at its end; the outcome of a cancelled call is `cancelled`. The message of a panic is only
    /// logged. [`operations`](crate::operations) lists all events and metrics.
    pub async fn dispatch(&self, call: Call<'_>, state: &S) -> Outcome {
        self.dispatch_within(&call, state, Deadlines::new()).await
    }

    /// Like [`Toolset::dispatch`], with other deadlines: for callers that know how long the platform waits.
    pub async fn dispatch_within(&self, call: &Call<'_>, state: &S, deadlines: Deadlines) -> Outcome {
        let Some(tool) = self.find(call.tool()) else {
            metrics::unknown_tool_called(Outcome::UnknownTool.label());
            return Outcome::UnknownTool;
        };
        self.run_tool(&tool, call, state, deadlines).await
    }

    /// Runs a call of `tool`, which is a tool of this set.
    ///
    /// An async function would store each parameter twice, and every call has room for its future.
    pub(crate) fn run_tool<'a>(
        &'a self,
        tool: &'a RegisteredTool<S>,
        call: &'a Call<'a>,
        state: &'a S,
        deadlines: Deadlines,
    ) -> impl Future<Output = Outcome> {
        let (timeout, deadline) = deadlines.resolve(tool.descriptor.timeout());
        let arrived = deadlines.arrival();
        let context = Context::new(call, state, deadline);
        async move {
            let mut log = CallLog::start(context.call(), arrived);
            let run = async {
                let is_plain = self.middleware.is_empty() && self.store.is_none() && self.policies.is_empty();
                if is_plain && matches!(tool.delivery, Delivery::Immediate) {
                    let result = tool.run(&context).await;
                    return outcome_of_result(context.call(), result);
                }
                // Boxed, so that the future of a call without middleware is not larger.
                Box::pin(self.run_kept(tool, &context)).await
            };
            let ended = run_contained(deadline, pin!(Some(run.instrument(log.span.clone())))).await;
            let outcome = log.span.in_scope(|| outcome_of_run(ended, tool, &context, timeout));
            let outcome = outcome.within(self.max_result_bytes);
            log.end(&outcome);
            outcome
        }
    }

    async fn run_kept(&self, tool: &RegisteredTool<S>, context: &Context<'_, S>) -> Outcome {
        match self.has_policy(context.tool()) {
            true => Box::pin(self.run_checked(tool, context)).await,
            false => self.run_permitted(tool, context).await,
        }
    }

    /// Runs a call that needs no approval.
    pub(super) async fn run_permitted(&self, tool: &RegisteredTool<S>, context: &Context<'_, S>) -> Outcome {
        match (&tool.delivery, context.session_id()) {
            (Delivery::Once(window) | Delivery::Deferred(window), Some(session_id)) => {
                self.run_once(tool, context, session_id, *window).await
            }
            // A ticket belongs to a session.
            (Delivery::Deferred(_), None) => Outcome::UnknownSession,
            (Delivery::OfTickets(of), _) => {
                let store = &**self.ticket_store();
                self.run_inside(InnerRun::Ticket { store, of }, tool, context).await
            }
            (Delivery::Immediate | Delivery::Once(_), _) => self.run_recorded(tool, context).await,
        }
    }

    /// Runs the middleware, and `inner` inside of it.
    pub(super) async fn run_inside(
        &self,
        inner: InnerRun<'_>,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
    ) -> Outcome {
        Next::new(&self.middleware, inner, tool, context).run().await.within(self.max_result_bytes)
    }

    /// Runs the middleware and the tool, and records a success.
    pub(super) async fn run_recorded(&self, tool: &RegisteredTool<S>, context: &Context<'_, S>) -> Outcome {
        let outcome = self.run_inside(InnerRun::Tool, tool, context).await;
        match (&self.store, context.session_id(), outcome) {
            (Some(store), Some(session_id), Outcome::Success(result)) => {
                record(&**store, context.call(), recorded_call(context.call(), session_id), result).await
            }
            (_, _, outcome) => outcome,
        }
    }
}

/// Converts the end of a run, and logs what the application has to know about it.
pub(super) fn outcome_of_run<S>(
    ended: RunOutcome<Outcome>,
    tool: &RegisteredTool<S>,
    context: &Context<'_, S>,
    timeout: Duration,
) -> Outcome {
    let call = context.call();
    if matches!(ended, RunOutcome::Finished(_)) {
        warn_if_late(call, context.deadline());
    }
    match ended {
        RunOutcome::Finished(outcome) => outcome,
        RunOutcome::Panicked(panic) => {
            call_event!(error, call, "the tool panicked", panic);
            Outcome::Panicked
        }
        RunOutcome::TimedOut if context.never_began() => {
            call_event!(
                warn,
                call,
                "the tool did not begin before its deadline: all threads for blocking work are busy",
                timeout_ms = milliseconds(timeout)
            );
            Outcome::NotStarted(timeout)
        }
        RunOutcome::TimedOut if tool.blocking => {
            call_event!(
                warn,
                call,
                "the tool exceeded its deadline and continues on its thread; its result will be dropped",
                timeout_ms = milliseconds(timeout)
            );
            Outcome::StillRunning(timeout)
        }
        RunOutcome::TimedOut => {
            call_event!(
                warn,
                call,
                "the tool exceeded its deadline and was dropped",
                timeout_ms = milliseconds(timeout)
            );
            Outcome::DeadlinePassed(timeout)
        }
    }
}

/// Nothing can interrupt a function that does not await. Its result is returned anyway: the caller may still be waiting.
fn warn_if_late(call: &Call<'_>, deadline: Instant) {
    if !tracing::enabled!(Level::WARN) {
        return;
    }
    let late = now().saturating_duration_since(deadline);
    if !late.is_zero() {
        call_event!(
            warn,
            call,
            "the tool finished after its deadline; mark a function that blocks as `blocking`",
            late_ms = milliseconds(late)
        );
    }
}
