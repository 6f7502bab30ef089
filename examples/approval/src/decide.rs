//! The routes for employees. A real application would authenticate them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use coral_tools::TicketError;
use coral_tools::serde_json::Value;
use serde::{Deserialize, Serialize};

use crate::{App, refund};

/// A refund that waits for a decision.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingRefund {
    pub(crate) ticket: String,
    pub(crate) agent: Option<String>,
    pub(crate) order: u32,
    pub(crate) euros: u32,
}

/// The decision of an employee.
#[derive(Debug, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub(crate) enum Decision {
    Approve,
    ApproveForSession,
    ApproveWith { arguments: Value },
    Deny { reason: String },
}

/// Lists the refunds that wait.
pub(crate) async fn list(State(app): State<App>) -> Result<Json<Vec<PendingRefund>>, StatusCode> {
    let pending = app.tools.approvals().list_of::<refund>(None).await;
    let pending = pending.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.into_iter();
    let pending = pending.map(|(ticket, refund { order, euros })| PendingRefund {
        ticket: ticket.id,
        agent: ticket.agent_name,
        order,
        euros,
    });
    Ok(Json(pending.collect()))
}

/// Decides about a refund.
pub(crate) async fn decide(
    State(app): State<App>,
    Path(ticket): Path<String>,
    Json(decision): Json<Decision>,
) -> Result<StatusCode, (StatusCode, String)> {
    let tools = app.tools.clone();
    let approvals = tools.approvals();
    let decided = match decision {
        Decision::Approve => approvals.approve(&ticket, app).await,
        Decision::ApproveForSession => approvals.approve_for_session(&ticket, app).await,
        Decision::ApproveWith { arguments } => approvals.approve_with(&ticket, &arguments, app).await,
        Decision::Deny { reason } => approvals.deny(&ticket, reason).await,
    };
    decided.map(|()| StatusCode::NO_CONTENT).map_err(|error| (status_of(&error), error.to_string()))
}

fn status_of(error: &TicketError) -> StatusCode {
    match error {
        TicketError::Unknown => StatusCode::NOT_FOUND,
        TicketError::Settled => StatusCode::CONFLICT,
        TicketError::InvalidArguments(_) | TicketError::Rejected(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
