//! Runs a call that a policy blocks, if a person approves it.

use super::policy::BlockedCall;
use super::session_grant::is_granted;
use crate::context::Context;
use crate::deadline::{now, reply_by};
use crate::store::{OpenedTicket, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::RegisteredTool;
use crate::toolset::ticket_guard::new_ticket;
use crate::toolset::ticket_outcome::{final_or_pending, outcome_of_store, wait_for_final};
use crate::toolset::{Outcome, Toolset};

/// For an agent whose request has ended while it waited.
const REQUEST_ENDED: &str =
    "the request for approval has expired or was settled; if the call is still needed, make it again";

impl<S: Sync> Toolset<S> {
    /// Waits for the decision of a person, shortly until the deadline, and returns the result or the ticket.
    pub(in crate::toolset) async fn run_blocked(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        blocked: BlockedCall,
    ) -> Outcome {
        let (status, time_to_live) = match blocked {
            BlockedCall::Rejected(outcome) => return outcome,
            BlockedCall::NeedsApproval { message, time_to_live } => {
                (TicketStatus::ApprovalRequired(message), time_to_live)
            }
        };
        // A ticket belongs to a session.
        let Some(session_id) = context.session_id() else { return Outcome::UnknownSession };
        let ticket = Ticket { status, ..new_ticket(context.call(), session_id, time_to_live) };
        let ended = async {
            match is_granted(&**self.ticket_store(), session_id, context.tool()).await? {
                true => self.run_granted(tool, context, ticket).await,
                false => {
                    let opened = self.ticket_store().open_ticket(ticket.clone()).await?;
                    self.wait_for_decision(context, opened, ticket).await
                }
            }
        };
        outcome_of_store(context.call(), ended.await)
    }

    /// Runs a call that needs no person in this session, unless it repeats another one.
    async fn run_granted(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        ticket: Ticket,
    ) -> Result<Outcome, StoreError> {
        let store = &**self.ticket_store();
        let retention = tool.delivery.retention();
        let time_to_live = context.deadline().saturating_duration_since(now()) + retention;
        let working = TicketStatus::Working(None);
        let ticket = Ticket { status: working.clone(), time_to_live, ..ticket };
        let first = match store.open_ticket(ticket.clone()).await? {
            OpenedTicket::New => ticket,
            // An earlier request, about which a person has not decided.
            OpenedTicket::Existing(pending)
                if is_pending(&pending)
                    && store
                        .replace_ticket_status(&pending.id, &pending.status, working.clone(), time_to_live)
                        .await? =>
            {
                pending
            }
            existing @ OpenedTicket::Existing(_) => return self.wait_for_decision(context, existing, ticket).await,
        };
        Ok(self.run_first(tool, context, first, retention).await)
    }

    async fn wait_for_decision(
        &self,
        context: &Context<'_, S>,
        opened: OpenedTicket,
        new: Ticket,
    ) -> Result<Outcome, StoreError> {
        let (store, call) = (&**self.ticket_store(), context.call());
        let ticket = match opened {
            OpenedTicket::Existing(ticket) => ticket,
            OpenedTicket::New => {
                call_event!(info, call, "a person has to approve the call");
                new
            }
        };
        match wait_for_final(store, ticket, reply_by(context.deadline())).await? {
            Some(ticket) => final_or_pending(store, call, &ticket).await,
            None => Ok(Outcome::rejected(REQUEST_ENDED)),
        }
    }
}

/// Whether a person has not decided yet.
pub(super) fn is_pending(ticket: &Ticket) -> bool {
    matches!(ticket.status, TicketStatus::ApprovalRequired(_))
}
