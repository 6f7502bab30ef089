//! Runs a call of a tool with a policy: at once, if a person approves it, or not at all.

use super::policy::BlockedCall;
use super::session_grant::is_granted;
use crate::context::Context;
use crate::deadline::reply_by;
use crate::store::{OpenedTicket, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::RegisteredTool;
use crate::toolset::ticket_guard::{new_ticket, time_to_live_of_run};
use crate::toolset::ticket_outcome::{final_or_pending, outcome_of_store, wait_for_final};
use crate::toolset::{Outcome, Toolset};

/// For an agent whose request has ended while it waited.
const REQUEST_ENDED: &str =
    "the request for approval has expired or was settled; if the call is still needed, make it again";

impl<S: Sync> Toolset<S> {
    /// Runs a call of a tool with a policy: at once, if a person approves it, or not at all.
    pub(in crate::toolset) async fn run_checked(&self, tool: &RegisteredTool<S>, context: &Context<'_, S>) -> Outcome {
        let (checked, session_id) = (self.check_policies(context), context.session_id());
        let ended = match (checked, session_id) {
            (Err(BlockedCall::Rejected(outcome)), _) => Ok(outcome),
            (Err(BlockedCall::NeedsApproval { message, time_to_live }), Some(session_id)) => {
                let status = TicketStatus::ApprovalRequired(message);
                let ticket = Ticket { status, ..new_ticket(context.call(), session_id, time_to_live) };
                self.run_blocked(tool, context, ticket).await
            }
            // A ticket belongs to a session.
            (Err(BlockedCall::NeedsApproval { .. }), None) => Ok(Outcome::UnknownSession),
            (Ok(()), Some(session_id)) => self.run_unblocked(tool, context, session_id, false).await,
            (Ok(()), None) => Ok(self.run_permitted(tool, context).await),
        };
        outcome_of_store(context.call(), ended)
    }

    /// Waits for the decision of a person, shortly until the deadline, and returns the result or the ticket.
    async fn run_blocked(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        ticket: Ticket,
    ) -> Result<Outcome, StoreError> {
        let (store, call) = (&**self.ticket_store(), context.call());
        if is_granted(store, &ticket.session_id, context.tool()).await? {
            return self.run_unblocked(tool, context, &ticket.session_id, true).await;
        }
        let ticket = match store.open_ticket(ticket.clone()).await? {
            OpenedTicket::Existing(ticket) => ticket,
            OpenedTicket::New => {
                call_event!(info, call, "a person has to approve the call");
                ticket
            }
        };
        match wait_for_final(store, ticket, reply_by(context.deadline())).await? {
            Some(ticket) => final_or_pending(store, call, &ticket).await,
            None => Ok(Outcome::rejected(REQUEST_ENDED)),
        }
    }

    /// Runs a call that needs no person. If the same call has waited for one, this run is that of its ticket, so that no later approval
    /// runs the tool again.
    async fn run_unblocked(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        session_id: &str,
        is_granted: bool,
    ) -> Result<Outcome, StoreError> {
        let (store, call) = (&**self.ticket_store(), context.call());
        let retention = tool.delivery.retention();
        let time_to_live = time_to_live_of_run(context, retention);
        let working = TicketStatus::Working(None);
        match store.ticket_with_key(session_id, &call.ticket_key()).await? {
            Some(earlier)
                if is_pending(&earlier)
                    && store.replace_ticket_status(&earlier.id, &earlier.status, working, time_to_live).await? =>
            {
                call_event!(info, call, "a call that waited for approval runs, because it no longer needs one");
                Ok(self.run_first(tool, context, earlier, retention).await)
            }
            None if !is_granted => Ok(self.run_permitted(tool, context).await),
            // The same call has run, runs, or was denied.
            _ => Ok(self.run_once(tool, context, session_id, retention).await),
        }
    }
}

/// Whether a person has not decided yet.
pub(super) fn is_pending(ticket: &Ticket) -> bool {
    matches!(ticket.status, TicketStatus::ApprovalRequired(_))
}
