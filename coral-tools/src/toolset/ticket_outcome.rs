//! The outcome of a call that has a ticket.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, timeout_at};

use super::outcome::Outcome;
use crate::call::Call;
use crate::store::{Store, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::result_tool_name;

/// How long an agent should wait before it asks for a result again. The call that asks waits for the result itself.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// Waits until a ticket has a final status, at most until `until`; `None` if it is unknown by then.
pub(super) async fn wait_for_final(
    store: &dyn Store,
    mut ticket: Ticket,
    until: Instant,
) -> Result<Option<Ticket>, StoreError> {
    while !ticket.status.is_final() {
        match timeout_at(until, store.ticket_changed(&ticket.id, &ticket.status)).await {
            Ok(Ok(Some(changed))) => ticket = changed,
            Ok(Ok(None)) => return Ok(None),
            Ok(Err(error)) => return Err(error),
            Err(_elapsed) => break,
        }
    }
    Ok(Some(ticket))
}

/// Returns the outcome of a ticket with a final status, or the ticket itself.
pub(super) fn outcome_of_ticket(ticket: &Ticket) -> Outcome {
    match &ticket.status {
        TicketStatus::Completed(result) => Outcome::Success(result.clone()),
        TicketStatus::Failed(message) | TicketStatus::Cancelled(message) => Outcome::Failed(message.clone()),
        TicketStatus::Denied(reason) => Outcome::denied(reason),
        TicketStatus::Working(_) | TicketStatus::InputRequired(_) | TicketStatus::ApprovalRequired(_) => {
            Outcome::Success(ticket_json(ticket))
        }
    }
}

/// As [`outcome_of_ticket`], for an agent. It reads a failure once: the ticket is removed, so that the next call runs again.
pub(super) async fn final_or_pending(
    store: &dyn Store,
    call: &Call<'_>,
    ticket: &Ticket,
) -> Result<Outcome, StoreError> {
    match &ticket.status {
        TicketStatus::Failed(_) | TicketStatus::Cancelled(_) => store.remove_ticket(&ticket.id).await?,
        status if status.is_final() => {}
        _ => call_event!(info, call, "the result is not ready yet; the agent receives a ticket"),
    }
    Ok(outcome_of_ticket(ticket))
}

/// Returns the outcome, or that of a store that has failed.
pub(super) fn outcome_of_store(call: &Call<'_>, result: Result<Outcome, StoreError>) -> Outcome {
    result.unwrap_or_else(|error| {
        call_event!(error, call, "the store of tickets failed", error = &error as &dyn std::error::Error);
        Outcome::InternalError
    })
}

fn ticket_json(ticket: &Ticket) -> Vec<u8> {
    let message = match &ticket.status {
        TicketStatus::Working(Some(message))
        | TicketStatus::InputRequired(Some(message))
        | TicketStatus::ApprovalRequired(message) => message,
        _ => "the result is not ready yet",
    };
    let result_tool = result_tool_name(&ticket.tool);
    let json = json!({ "ticket": {
        "id": ticket.id,
        "status": ticket.status.name(),
        "statusMessage": format!("{message}; call `{result_tool}` with the id of this ticket to wait for it"),
        "ttlMs": whole_milliseconds(ticket.time_to_live),
        "pollIntervalMs": whole_milliseconds(POLL_INTERVAL),
    }});
    json.to_string().into_bytes()
}

fn whole_milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
