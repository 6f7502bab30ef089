//! [`ApprovedCall`]: a call that a person approves, and that runs in a task.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::oneshot;
use tracing::Instrument;

use super::policy::BlockedCall;
use super::session_grant::grant;
use crate::call::Call;
use crate::context::Context;
use crate::deadline::{now, run_contained};
use crate::store::{Store, StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::RegisteredTool;
use crate::toolset::call_log::CallLog;
use crate::toolset::dispatch::outcome_of_run;
use crate::toolset::ticket_guard::TicketGuard;
use crate::toolset::{Deadlines, Outcome, TicketError, Toolset};

/// A call that a person approves.
pub(super) struct ApprovedCall<S> {
    pub(super) tools: Toolset<S>,
    pub(super) tool: Arc<RegisteredTool<S>>,
    pub(super) ticket: Ticket,
    /// Those of the agent, or those that the person has edited.
    pub(super) arguments: Vec<u8>,
    /// Whether the person approves all calls of the tool in the session.
    pub(super) for_session: bool,
}

impl<S: Send + Sync + 'static> ApprovedCall<S> {
    /// Approves the call, and starts it. Everything is in a task, so that a dropped future does not approve a call that never runs.
    ///
    /// # Errors
    ///
    /// Returns an error if there is a decision already, or if the store fails.
    pub(super) async fn start(self, state: S) -> Result<(), TicketError> {
        let (sender, receiver) = oneshot::channel();
        tokio::spawn(async move {
            let approved = self.approve(&state).await;
            let is_approved = approved.is_ok();
            let granted = match is_approved && self.for_session {
                true => grant(self.store(), &self.ticket).await.map_err(TicketError::from),
                false => Ok(()),
            };
            let _caller_is_gone = sender.send(approved.and(granted));
            if is_approved {
                self.run(&state).await;
            }
        });
        receiver.await.unwrap_or_else(|closed| Err(TicketError::Store(StoreError::failed(closed))))
    }

    async fn approve(&self, state: &S) -> Result<(), TicketError> {
        let Self { tools, tool, ticket, .. } = self;
        let call = self.call();
        let (timeout, deadline) = Deadlines::new().resolve(tool.descriptor.timeout());
        match tools.check_policies(&Context::new(&call, state, deadline)) {
            Ok(()) | Err(BlockedCall::NeedsApproval { .. }) => {}
            Err(BlockedCall::Rejected(Outcome::BadArguments(problems))) => {
                return Err(TicketError::InvalidArguments(problems));
            }
            Err(BlockedCall::Rejected(outcome)) => return Err(TicketError::Rejected(outcome.message())),
        }
        let status = TicketStatus::Working(None);
        // If the process dies, the ticket of a call that never ended expires.
        let time_to_live = timeout + tool.delivery.retention();
        match self.store().replace_ticket_status(&ticket.id, &ticket.status, status, time_to_live).await? {
            true => {
                call_event!(info, &call, "a person has approved the call");
                Ok(())
            }
            false => Err(TicketError::Settled),
        }
    }

    /// Runs the middleware and the tool, and sets the status of the ticket.
    async fn run(&self, state: &S) {
        let Self { tools, tool, ticket, .. } = self;
        let call = self.call();
        let (timeout, deadline) = Deadlines::new().resolve(tool.descriptor.timeout());
        let context = Context::new(&call, state, deadline);
        let guard = TicketGuard::keeping_failures(tools.ticket_store(), ticket);
        let mut log = CallLog::start(&call, now());
        let run = tools.run_with_ticket(tool, &context, ticket.clone(), Arc::clone(&guard), tool.delivery.retention());
        let ended = run_contained(deadline, pin!(Some(run.instrument(log.span.clone())))).await;
        let outcome = log.span.in_scope(|| outcome_of_run(ended, tool, &context, timeout));
        log.end(&outcome);
        if !outcome.is_success() {
            let status = TicketStatus::Failed(outcome.message());
            guard.settle(&call, status, tool.delivery.retention()).await;
        }
    }

    fn call(&self) -> Call<'_> {
        self.ticket.call_with(&self.arguments)
    }

    fn store(&self) -> &dyn Store {
        &**self.tools.ticket_store()
    }
}
