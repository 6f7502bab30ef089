//! Approvals of all calls of a tool in a session.

use std::time::{Duration, SystemTime};

use crate::store::{Store, StoreError, Ticket, TicketStatus};

/// How long such an approval is valid, if the session does not end before.
const TIME_TO_LIVE: Duration = Duration::from_secs(24 * 60 * 60);

/// The id of the ticket that stands for the approval.
fn grant_id(session_id: &str, tool: &str) -> String {
    format!("approval of {tool} in {session_id}")
}

/// Approves all later calls of the ticket's tool in its session.
pub(super) async fn grant(store: &dyn Store, ticket: &Ticket) -> Result<(), StoreError> {
    let grant = Ticket {
        id: grant_id(&ticket.session_id, &ticket.tool),
        key: grant_id(&ticket.session_id, &ticket.tool),
        // Not the name of a tool, so that no agent can ask for its result.
        tool: format!("{} (approved)", ticket.tool),
        arguments: Vec::new(),
        query: None,
        created_at: SystemTime::now(),
        time_to_live: TIME_TO_LIVE,
        // A final ticket may be dropped to make room: then a person is asked again.
        status: TicketStatus::Completed(Vec::new()),
        ..ticket.clone()
    };
    store.open_ticket(grant).await.map(drop)
}

/// Whether all calls of a tool in a session are approved.
pub(super) async fn is_granted(store: &dyn Store, session_id: &str, tool: &str) -> Result<bool, StoreError> {
    let grant = store.ticket(&grant_id(session_id, tool)).await?;
    Ok(grant.is_some_and(|grant| grant.session_id == session_id))
}
