//! Runs a call that has a ticket: a repetition has the result of the first call.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::deferred_call::DeferredCall;
use super::inner_run::InnerRun;
use super::recording::recorded_call;
use super::ticket_guard::{TicketGuard, new_ticket, time_to_live_of_run};
use super::ticket_outcome::{final_or_pending, outcome_of_store, wait_for_final};
use super::{Outcome, Toolset};
use crate::call::Call;
use crate::context::Context;
use crate::deadline::reply_by;
use crate::store::{OpenedTicket, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::{Delivery, RegisteredTool};

/// For a repetition that cannot wait longer for the first call.
const STILL_RUNNING: &str =
    "the same call is still running; to get its result, call the tool again later with the same arguments";

impl<S: Sync> Toolset<S> {
    /// Runs the call, unless the same call is running or its result is kept: then its result is returned.
    pub(super) async fn run_once(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        session_id: &str,
        window: Duration,
    ) -> Outcome {
        let call = context.call();
        let wait_until = reply_by(context.deadline());
        let ended = async {
            loop {
                let ticket = new_ticket(call, session_id, time_to_live_of_run(context, window));
                match self.ticket_store().open_ticket(ticket.clone()).await? {
                    OpenedTicket::New => return Ok(self.run_first(tool, context, ticket, window).await),
                    OpenedTicket::Existing(first) => {
                        if let Some(outcome) = self.repeat(tool, call, first, wait_until).await? {
                            return Ok(outcome);
                        }
                    }
                }
            }
        };
        outcome_of_store(call, ended.await)
    }

    /// Runs a call whose ticket is new, and keeps a success for `window`.
    pub(super) async fn run_first(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        ticket: Ticket,
        window: Duration,
    ) -> Outcome {
        let guard = TicketGuard::new(self.ticket_store(), &ticket);
        self.run_with_ticket(tool, context, ticket, guard, window).await
    }

    /// Runs a call that has a ticket, and keeps a success for `window`.
    pub(super) async fn run_with_ticket(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        ticket: Ticket,
        guard: Arc<TicketGuard>,
        window: Duration,
    ) -> Outcome {
        let call = context.call();
        // A blocking function that exceeds its deadline holds the guard, so that a repetition does not run beside it.
        let _held = call.permits().add(Arc::clone(&guard));
        if let Delivery::Deferred(_) = tool.delivery {
            let recorded = self.store().map(|_| recorded_call(call, &ticket.session_id));
            let max_result_bytes = self.max_result_bytes;
            let deferred = DeferredCall { ticket, guard, recorded, retention: window, max_result_bytes };
            return self.run_inside(InnerRun::Deferred(&deferred), tool, context).await;
        }
        let outcome = self.run_recorded(tool, context).await;
        if let Outcome::Success(result) = &outcome {
            let status = TicketStatus::Completed(result.clone());
            if let Err(error) = guard.set_final_status(status, window).await {
                let error = &error as &dyn std::error::Error;
                call_event!(error, call, "a result cannot be kept for repetitions of the call", error);
            }
        }
        outcome
    }

    /// Waits for the result of the first call; `None` if it has failed, so that this one may run.
    async fn repeat(
        &self,
        tool: &RegisteredTool<S>,
        call: &Call<'_>,
        first: Ticket,
        until: Instant,
    ) -> Result<Option<Outcome>, StoreError> {
        let store = &**self.ticket_store();
        let Some(first) = wait_for_final(store, first, until).await? else { return Ok(None) };
        if first.status.is_final() {
            call_event!(info, call, "the call repeats an earlier one and has its result");
        } else if tool.descriptor.result_tool().is_none() {
            return Ok(Some(Outcome::rejected(STILL_RUNNING)));
        }
        final_or_pending(store, call, &first).await.map(Some)
    }
}
