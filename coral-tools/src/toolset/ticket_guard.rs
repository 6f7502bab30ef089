//! [`TicketGuard`]: removes the ticket of a call that ends without a result.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use uuid::Uuid;

use crate::call::Call;
use crate::store::{Store, Ticket, TicketStatus};

/// Creates the ticket of a call.
pub(super) fn new_ticket(call: &Call<'_>, session_id: &str) -> Ticket {
    Ticket {
        id: Uuid::new_v4().to_string(),
        session_id: session_id.to_owned(),
        agent_name: call.agent_name().map(str::to_owned),
        tool: call.tool().to_owned(),
        key: call.ticket_key(),
        arguments: call.arguments().to_vec(),
        created_at: SystemTime::now(),
        status: TicketStatus::Working(None),
    }
}

/// Removes the ticket of a call when it is dropped, unless the call has a result: it failed, panicked, or was cancelled.
pub(super) struct TicketGuard {
    pub(super) store: Arc<dyn Store>,
    pub(super) id: String,
    is_armed: AtomicBool,
}

impl TicketGuard {
    pub(super) fn new(store: &Arc<dyn Store>, ticket: &Ticket) -> Arc<Self> {
        Arc::new(Self { store: Arc::clone(store), id: ticket.id.clone(), is_armed: AtomicBool::new(true) })
    }

    pub(super) fn disarm(&self) {
        self.is_armed.store(false, Ordering::Relaxed);
    }
}

impl Drop for TicketGuard {
    fn drop(&mut self) {
        // Without a runtime, the process is about to end.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if *self.is_armed.get_mut() {
            let (store, id) = (Arc::clone(&self.store), std::mem::take(&mut self.id));
            runtime.spawn(async move {
                if let Err(error) = store.remove_ticket(&id).await {
                    tracing::error!(error = &error as &dyn std::error::Error, "a ticket cannot be removed");
                }
            });
        }
    }
}
