//! The tools that use the macro.

use coral_tools::{AgentName, Extension, State, ToolError, coral_tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::approval_store::{ApprovalRequest, ApprovalStore};
use crate::customer::Customer;

/// The name of this instance of the application, as an extension that a layer adds to each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instance(pub(crate) &'static str);

/// The result of `request_approval`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Ticket {
    /// The argument of `check_approval`.
    pub(crate) ticket: u64,
    /// The instance that accepted the request.
    pub(crate) accepted_by: String,
}

/// Ask a person for approval. Returns a ticket at once; `check_approval` returns the decision.
#[coral_tool]
pub(crate) fn request_approval(
    /// The action to approve, as one sentence for a person.
    #[arg(min_length = 10, max_length = 500)]
    summary: String,
    #[context] Customer(customer): Customer,
    #[context] AgentName(agent): AgentName,
    #[context] State(approvals): State<ApprovalStore>,
    #[context] Extension(Instance(instance)): Extension<Instance>,
) -> Ticket {
    Ticket { ticket: approvals.add(&customer, &agent, summary), accepted_by: instance.to_owned() }
}

/// Check whether a request was approved. The decision may be absent; check again later.
#[coral_tool(read_only)]
pub(crate) fn check_approval(
    /// The ticket that `request_approval` returned.
    ticket: u64,
    #[context] Customer(customer): Customer,
    #[context] State(approvals): State<ApprovalStore>,
) -> Result<ApprovalRequest, ToolError> {
    let request = approvals.for_customer(&customer).into_iter().find(|request| request.ticket == ticket);
    request.ok_or_else(|| ToolError::new("ticket not found; `list_approvals` returns all tickets"))
}
