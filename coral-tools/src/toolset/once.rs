//! Runs a call of a tool with `once`: a repetition has the result of the first call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::{Outcome, Toolset};
use crate::call::Call;
use crate::context::Context;
use crate::deadline::{now, reply_by};
use crate::store::{OpenedTicket, Store, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::RegisteredTool;

/// For a repetition that cannot wait longer for the first call.
const STILL_RUNNING: &str =
    "the same call is still running; to get its result, call the tool again later with the same arguments";

impl<S: Sync> Toolset<S> {
    /// Runs the call, unless the same call is running or has succeeded within `window`: then its result is returned. A call without
    /// a session has no repetitions.
    pub(super) async fn run_once(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        window: Duration,
    ) -> Outcome {
        let call = context.call();
        let Some(session_id) = call.session_id() else { return self.run_recorded(tool, context).await };
        let wait_until = reply_by(context.deadline());
        let ended = async {
            loop {
                let ticket = new_ticket(call, session_id);
                let guard = TicketGuard::new(self.ticket_store(), &ticket);
                // If the process dies, the ticket of a call that never ended expires.
                let time_to_live = context.deadline().saturating_duration_since(now()) + window;
                match self.ticket_store().open_ticket(ticket, time_to_live).await? {
                    OpenedTicket::New => return Ok(self.run_first(tool, context, guard, window).await),
                    OpenedTicket::Existing(first) => {
                        guard.disarm();
                        if let Some(outcome) = self.repeat(call, first, wait_until).await? {
                            return Ok(outcome);
                        }
                    }
                }
            }
        };
        ended.await.unwrap_or_else(|error: StoreError| {
            call_event!(error, call, "the store of tickets failed", error = &error as &dyn std::error::Error);
            Outcome::InternalError
        })
    }

    /// Runs a call whose ticket is new, and keeps a success for `window`.
    async fn run_first(
        &self,
        tool: &RegisteredTool<S>,
        context: &Context<'_, S>,
        guard: Arc<TicketGuard>,
        window: Duration,
    ) -> Outcome {
        // A blocking function that exceeds its deadline holds the guard, so that a repetition does not run beside it.
        let _held = context.call().permits().add(Arc::clone(&guard));
        let outcome = self.run_recorded(tool, context).await;
        if let Outcome::Success(result) = &outcome {
            let status = TicketStatus::Completed(result.clone());
            match guard.store.set_ticket_status(&guard.id, status, window).await {
                Ok(_) => guard.disarm(),
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    call_event!(error, context.call(), "a result cannot be kept for repetitions of the call", error);
                }
            }
        }
        outcome
    }

    /// Waits for the result of the first call; `None` if it failed, so that this one may run.
    async fn repeat(&self, call: &Call<'_>, first: Ticket, until: Instant) -> Result<Option<Outcome>, StoreError> {
        let Ticket { id, mut status, .. } = first;
        loop {
            if let TicketStatus::Completed(result) = status {
                call_event!(info, call, "the call repeats an earlier one and has its result");
                return Ok(Some(Outcome::Success(result)));
            }
            match timeout_at(until, self.ticket_store().ticket_changed(&id, &status)).await {
                Ok(Ok(Some(changed))) => status = changed.status,
                Ok(Ok(None)) => return Ok(None),
                Ok(Err(error)) => return Err(error),
                Err(_elapsed) => return Ok(Some(Outcome::rejected(STILL_RUNNING))),
            }
        }
    }
}

fn new_ticket(call: &Call<'_>, session_id: &str) -> Ticket {
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

/// Removes the ticket of a call that has not succeeded when it is dropped: it failed, panicked, or was cancelled.
struct TicketGuard {
    store: Arc<dyn Store>,
    id: String,
    is_armed: AtomicBool,
}

impl TicketGuard {
    fn new(store: &Arc<dyn Store>, ticket: &Ticket) -> Arc<Self> {
        Arc::new(Self { store: Arc::clone(store), id: ticket.id.clone(), is_armed: AtomicBool::new(true) })
    }

    fn disarm(&self) {
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
