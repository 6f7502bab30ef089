//! [`InnerRun`]: the part of a call inside all middleware.

use super::deferred_call::DeferredCall;
use super::outcome::Outcome;
use super::ticket_outcome::{final_or_pending, outcome_of_store, wait_for_final};
use super::tool_result::outcome_of_result;
use crate::context::Context;
use crate::deadline::reply_by;
use crate::store::Store;
use crate::tool::RegisteredTool;

/// The part of a call inside all middleware.
#[derive(Clone, Copy)]
pub(super) enum InnerRun<'a> {
    /// Runs the tool.
    Tool,
    /// Runs the tool, whose result may come later.
    Deferred(&'a DeferredCall),
    /// Waits for the result of a ticket of the tool `of`.
    Ticket { store: &'a dyn Store, of: &'a str },
}

impl InnerRun<'_> {
    pub(super) async fn run<S: Sync>(self, tool: &RegisteredTool<S>, context: &Context<'_, S>) -> Outcome {
        match self {
            Self::Tool => outcome_of_result(context.call(), tool.run(context).await),
            Self::Deferred(call) => Box::pin(call.run(tool, context)).await,
            Self::Ticket { store, of } => Box::pin(run_ticket(store, of, tool, context)).await,
        }
    }
}

async fn run_ticket<S: Sync>(
    store: &dyn Store,
    of: &str,
    tool: &RegisteredTool<S>,
    context: &Context<'_, S>,
) -> Outcome {
    let id: String = match tool.start(context).await {
        Ok(reply) => serde_json::from_slice(reply.as_bytes()).unwrap_or_default(),
        Err(error) => return outcome_of_result(context.call(), Err(error)),
    };
    let outcome = async {
        let ticket = store.ticket(&id).await?;
        let own = ticket.filter(|ticket| Some(&*ticket.session_id) == context.session_id() && ticket.tool == of);
        let Some(ticket) = own else { return Ok(unknown_ticket(of)) };
        match wait_for_final(store, ticket, reply_by(context.deadline())).await? {
            None => Ok(unknown_ticket(of)),
            Some(ticket) => final_or_pending(store, context.call(), &ticket).await,
        }
    };
    outcome_of_store(context.call(), outcome.await)
}

/// The same for a ticket that has expired and for one of another session.
fn unknown_ticket(tool: &str) -> Outcome {
    Outcome::Failed(format!(
        "there is no ticket with this id, or it has expired; if you need the result, call `{tool}`"
    ))
}
