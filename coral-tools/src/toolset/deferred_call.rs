//! [`DeferredCall`]: a call whose result may come later.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span};

use super::outcome::Outcome;
use super::recording::record;
use super::ticket_guard::TicketGuard;
use super::ticket_outcome::{final_or_pending, outcome_of_store, outcome_of_ticket, wait_for_final};
use super::tool_result::outcome_of_result;
use crate::call::Call;
use crate::context::Context;
use crate::deadline::{RunOutcome, reply_by, run_contained};
use crate::error::GENERIC_MESSAGE;
use crate::store::{RecordedCall, Store, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::{CallError, DeferredReply, RegisteredTool, ResultWrapping};

/// A call of a tool with a deferred result, and its new ticket.
#[derive(Clone)]
pub(super) struct DeferredCall {
    pub(super) ticket: Ticket,
    /// Shared with the task that computes the result.
    pub(super) guard: Arc<TicketGuard>,
    /// The call, if it is recorded, without its result.
    pub(super) recorded: Option<RecordedCall>,
    /// How long the result is kept.
    pub(super) retention: Duration,
    pub(super) max_result_bytes: usize,
}

impl DeferredCall {
    /// Runs the tool, and then its future in a task. Returns the result, or the ticket shortly before the deadline.
    pub(super) async fn run<S: Sync>(&self, tool: &RegisteredTool<S>, context: &Context<'_, S>) -> Outcome {
        let until = reply_by(context.deadline());
        let deferred = match tool.start(context).await {
            Ok(reply) => reply.into_deferred(),
            Err(error) => return outcome_of_result(context.call(), Err(error)),
        };
        let result = self.run_deferred(context.call(), deferred, tool.output.wrapping(), until).await;
        outcome_of_store(context.call(), result)
    }

    async fn run_deferred(
        &self,
        call: &Call<'_>,
        deferred: DeferredReply,
        wrapping: ResultWrapping,
        until: Instant,
    ) -> Result<Outcome, StoreError> {
        let store = &*self.guard.store;
        store.set_ticket_status(&self.ticket.id, deferred.status.clone(), deferred.time_to_live).await?;
        let task = self.clone().settle(deferred, wrapping);
        let (sender, receiver) = oneshot::channel();
        tokio::spawn(async move { sender.send(task.await) }.instrument(Span::current()));
        let ticket = match timeout_at(until, receiver).await {
            Ok(Ok(Some(status))) => Some(Ticket { status, ..self.ticket.clone() }),
            Ok(_) => None,
            // With the time to live that it has now.
            Err(_elapsed) => store.ticket(&self.ticket.id).await?,
        };
        let Some(ticket) = ticket else { return Ok(Outcome::InternalError) };
        match self.guard.keeps_failures {
            true => Ok(outcome_of_ticket(&ticket)),
            false => final_or_pending(store, call, &ticket).await,
        }
    }

    /// Waits for the result, sets the final status of the ticket and returns it; `None` if the ticket has expired or was removed.
    async fn settle(self, deferred: DeferredReply, wrapping: ResultWrapping) -> Option<TicketStatus> {
        let store = Arc::clone(&self.guard.store);
        let running = Ticket { status: deferred.status, ..self.ticket.clone() };
        let until = Instant::now() + deferred.time_to_live;
        let run = select(deferred.future, Box::pin(settled_elsewhere(&*store, running, until)));
        let ended = run_contained(until.into_std(), pin!(Some(run))).await;
        let call = self.ticket.call_with(&self.ticket.arguments);
        let status = match ended {
            RunOutcome::Finished(Either::Left((result, _))) => {
                let result = result.and_then(|json| wrapping.apply(json)).map_err(CallError::Tool);
                self.status_of(outcome_of_result(&call, result).within(self.max_result_bytes)).await
            }
            RunOutcome::Finished(Either::Right((Some(status), _))) => {
                self.guard.disarm();
                return Some(status);
            }
            RunOutcome::Finished(Either::Right((None, _))) | RunOutcome::TimedOut => {
                call_event!(
                    info,
                    &call,
                    "a deferred result was dropped: its ticket has expired, or its session has ended"
                );
                return None;
            }
            RunOutcome::Panicked(panic) => {
                call_event!(error, &call, "the future of a deferred result panicked", panic);
                TicketStatus::Failed(GENERIC_MESSAGE.to_owned())
            }
        };
        self.guard.settle(&call, status.clone(), self.retention).await.then_some(status)
    }

    /// Records a success, and returns the status of the ticket.
    async fn status_of(&self, outcome: Outcome) -> TicketStatus {
        let outcome = match (outcome, &self.recorded) {
            (Outcome::Success(result), Some(call)) => {
                record(&*self.guard.store, &self.ticket.call_with(&self.ticket.arguments), call.clone(), result).await
            }
            (outcome, _) => outcome,
        };
        match outcome {
            Outcome::Success(result) => TicketStatus::Completed(result),
            Outcome::Failed(message) | Outcome::Rejected(message) => TicketStatus::Failed(message),
            _ => TicketStatus::Failed(GENERIC_MESSAGE.to_owned()),
        }
    }
}

/// Waits until the application has set a final status, or the ticket is unknown: it has expired, or its session has ended.
async fn settled_elsewhere(store: &dyn Store, running: Ticket, until: Instant) -> Option<TicketStatus> {
    match wait_for_final(store, running, until).await {
        Ok(ticket) => ticket.map(|ticket| ticket.status).filter(TicketStatus::is_final),
        // The result may still be set.
        Err(_) => std::future::pending().await,
    }
}
