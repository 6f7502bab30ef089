//! [`TicketGuard`]: removes the ticket of a call that ends without a result.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use uuid::Uuid;

use crate::call::Call;
use crate::context::Context;
use crate::deadline::now;
use crate::store::{Store, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;

/// Returns how long the ticket of a call that runs is kept: it expires then if the process dies and the call never ends.
pub(super) fn time_to_live_of_run<S>(context: &Context<'_, S>, retention: Duration) -> Duration {
    context.deadline().saturating_duration_since(now()) + retention
}

/// Creates the ticket of a call that runs.
pub(super) fn new_ticket(call: &Call<'_>, session_id: &str, time_to_live: Duration) -> Ticket {
    Ticket {
        id: Uuid::new_v4().to_string(),
        session_id: session_id.to_owned(),
        agent_name: call.agent_name().map(str::to_owned),
        namespace: call.namespace().map(str::to_owned),
        origin: call.origin(),
        call_id: call.id().map(str::to_owned),
        query: call.query().map(str::to_owned),
        tool: call.tool().to_owned(),
        key: call.ticket_key(),
        arguments: call.arguments().to_vec(),
        created_at: SystemTime::now(),
        time_to_live,
        status: TicketStatus::Working(None),
    }
}

/// Removes the ticket of a call when it is dropped, unless the call has a result: it failed, panicked, or was cancelled.
pub(super) struct TicketGuard {
    pub(super) store: Arc<dyn Store>,
    pub(super) id: String,
    is_armed: AtomicBool,
    /// Whether a failure stays in the ticket until an agent reads it.
    pub(super) keeps_failures: bool,
}

impl TicketGuard {
    pub(super) fn new(store: &Arc<dyn Store>, ticket: &Ticket) -> Arc<Self> {
        Self::with(store, ticket, false)
    }

    /// Creates the guard of a call whose outcome no agent reads directly.
    pub(super) fn keeping_failures(store: &Arc<dyn Store>, ticket: &Ticket) -> Arc<Self> {
        Self::with(store, ticket, true)
    }

    fn with(store: &Arc<dyn Store>, ticket: &Ticket, keeps_failures: bool) -> Arc<Self> {
        let (store, id, is_armed) = (Arc::clone(store), ticket.id.clone(), AtomicBool::new(true));
        Arc::new(Self { store, id, is_armed, keeps_failures })
    }

    /// Sets the final status of the ticket, which is kept for `retention`.
    pub(super) async fn set_final_status(&self, status: TicketStatus, retention: Duration) -> Result<(), StoreError> {
        self.store.set_ticket_status(&self.id, status, retention).await?;
        self.disarm();
        Ok(())
    }

    /// Sets the final status, or logs that the store has failed. Returns whether the status has been set.
    pub(super) async fn settle(&self, call: &Call<'_>, status: TicketStatus, retention: Duration) -> bool {
        match self.set_final_status(status, retention).await {
            Ok(()) => true,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                call_event!(error, call, "the result of a ticket cannot be kept", error);
                false
            }
        }
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
