//! [`Approvals`]: the application's access to the calls that wait for a person.

use std::sync::Arc;

use serde::Serialize;

use super::approved_call::ApprovedCall;
use super::checked_call::is_pending;
use crate::schema::Problem;
use crate::store::{StoreError, Ticket, TicketStatus};
use crate::telemetry::call_event;
use crate::tool::{RegisteredTool, Tool, read_arguments};
use crate::toolset::{TicketError, Toolset};

impl<S> Toolset<S> {
    /// Returns the application's access to the calls that wait for the approval of a person. [`Toolset::with_approval`] has an example.
    #[must_use]
    pub fn approvals(&self) -> Approvals<'_, S> {
        Approvals { tools: self }
    }
}

/// The calls of a toolset that wait for the approval of a person: see [`Toolset::approvals`].
///
/// Each is a [`Ticket`], about which a person decides once. The application makes sure that the person may decide: these functions
/// accept the tickets of all sessions.
///
/// A function that approves takes the state of the application, with which the tool then runs in a task. In a route of axum:
///
/// ```
/// use axum::Json;
/// use axum::extract::{Path, State};
/// use axum::http::StatusCode;
/// use coral_tools::Toolset;
/// use serde::Deserialize;
///
/// #[derive(Clone)]
/// struct App {
///     tools: Toolset<App>,
/// }
///
/// #[derive(Deserialize)]
/// #[serde(tag = "decision", rename_all = "snake_case")]
/// enum Decision {
///     Approve,
///     ApproveForSession,
///     ApproveWith { arguments: serde_json::Value },
///     Deny { reason: String },
/// }
///
/// /// `POST /approvals/{ticket}`
/// async fn decide(
///     State(app): State<App>,
///     Path(ticket): Path<String>,
///     Json(decision): Json<Decision>,
/// ) -> Result<(), (StatusCode, String)> {
///     let approvals = app.tools.approvals();
///     let decided = match decision {
///         Decision::Approve => approvals.approve(&ticket, app.clone()).await,
///         Decision::ApproveForSession => approvals.approve_for_session(&ticket, app.clone()).await,
///         Decision::ApproveWith { arguments } => approvals.approve_with(&ticket, &arguments, app.clone()).await,
///         Decision::Deny { reason } => approvals.deny(&ticket, reason).await,
///     };
///     decided.map_err(|error| (StatusCode::CONFLICT, error.to_string()))
/// }
/// # let _: axum::Router<App> = axum::Router::new().route("/approvals/{ticket}", axum::routing::post(decide));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Approvals<'a, S> {
    tools: &'a Toolset<S>,
}

impl<S> Approvals<'_, S> {
    /// Returns the calls about which a person has to decide, the oldest first: of one session, or of all. The status contains the message
    /// of the policy.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    pub async fn list(&self, session_id: Option<&str>) -> Result<Vec<Ticket>, StoreError> {
        let mut tickets = self.tools.ticket_store().tickets(session_id).await?;
        tickets.retain(|ticket| is_pending(ticket) && self.tools.has_policy(&ticket.tool));
        Ok(tickets)
    }

    /// As [`list`](Self::list), for one tool, and with the arguments of each call.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    pub async fn list_of<T: Tool>(&self, session_id: Option<&str>) -> Result<Vec<(Ticket, T)>, StoreError> {
        let tickets = self.list(session_id).await?.into_iter().filter(|ticket| ticket.tool == T::NAME);
        // Only another version of the tool has received arguments that cannot be read.
        Ok(tickets.filter_map(|ticket| read_arguments(&ticket.arguments).ok().map(|value| (ticket, value))).collect())
    }

    /// Denies the call. The agent reads the reason, and the same call is denied for as long as its result would have been kept.
    ///
    /// # Errors
    ///
    /// Returns an error if a person has decided already, if there is no such ticket, or if the store fails.
    pub async fn deny(&self, id: &str, reason: impl Into<String>) -> Result<(), TicketError> {
        let (tool, ticket) = self.pending(id).await?;
        let status = TicketStatus::Denied(reason.into());
        let store = self.tools.ticket_store();
        if !store.replace_ticket_status(id, &ticket.status, status, tool.delivery.retention()).await? {
            return Err(TicketError::Settled);
        }
        let call = ticket.call_with(&ticket.arguments);
        call_event!(info, &call, "a person has denied the call");
        Ok(())
    }

    /// Returns a ticket about which a person has to decide, and its tool.
    async fn pending(&self, id: &str) -> Result<(Arc<RegisteredTool<S>>, Ticket), TicketError> {
        let ticket = self.tools.ticket_store().ticket(id).await?.ok_or(TicketError::Unknown)?;
        let tool = self.tools.find(&ticket.tool).filter(|_| self.tools.has_policy(&ticket.tool));
        let tool = tool.ok_or(TicketError::Unknown)?;
        match is_pending(&ticket) {
            true => Ok((tool, ticket)),
            false => Err(TicketError::Settled),
        }
    }
}

impl<S: Send + Sync + 'static> Approvals<'_, S> {
    /// Approves the call. The tool runs in a task, with this state.
    ///
    /// # Errors
    ///
    /// Returns an error if there is a decision or a result already, if there is no such ticket, or if the store fails. The result of the
    /// tool makes no difference.
    ///
    /// Returns [`TicketError::InvalidArguments`] if the tool does not accept the arguments, and [`TicketError::Rejected`] if a policy of
    /// the tool denies the call now, or fails. There is no decision then.
    pub async fn approve(&self, id: &str, state: S) -> Result<(), TicketError> {
        self.approved(id).await?.start(state).await
    }

    /// As [`approve`](Self::approve), and approves all later calls of the tool in the session of the call, by any of its agents, for at
    /// most 24 h. They run like a call that needs no approval, but their results are kept in the same way as that of an approved call.
    /// Calls that wait already still wait, unless an agent repeats them.
    ///
    /// # Errors
    ///
    /// As [`approve`](Self::approve). The call itself also runs if only the approval of the later ones cannot be kept.
    pub async fn approve_for_session(&self, id: &str, state: S) -> Result<(), TicketError> {
        let call = self.approved(id).await?;
        ApprovedCall { for_session: true, ..call }.start(state).await
    }

    /// As [`approve`](Self::approve), with arguments that the person has edited.
    ///
    /// # Errors
    ///
    /// As [`approve`](Self::approve).
    pub async fn approve_with(
        &self,
        id: &str,
        arguments: &(impl Serialize + Sync),
        state: S,
    ) -> Result<(), TicketError> {
        let call = self.approved(id).await?;
        let arguments = serde_json::to_vec(arguments).map_err(|error| not_json(&error))?;
        ApprovedCall { arguments, ..call }.start(state).await
    }

    async fn approved(&self, id: &str) -> Result<ApprovedCall<S>, TicketError> {
        let (tool, ticket) = self.pending(id).await?;
        let arguments = ticket.arguments.clone();
        Ok(ApprovedCall { tools: self.tools.clone(), tool, ticket, arguments, for_session: false })
    }
}

fn not_json(error: &serde_json::Error) -> TicketError {
    TicketError::InvalidArguments(vec![Problem::not_json(error.to_string())])
}
