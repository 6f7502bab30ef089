//! What agents can do here.

use coral_tools::{AgentName, Extension, State, ToolError, coral_tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customer::Customer;
use crate::desk::{Approval, Desk};

/// Which instance of the application answers; a layer says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instance(pub(crate) &'static str);

/// What an agent gets at once.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Ticket {
    /// Give it to `check_approval` to see what was decided.
    pub(crate) ticket: u64,
    /// Which instance has taken the request.
    pub(crate) taken_by: String,
}

/// Ask a person to approve something. Answers with a ticket at once; look with `check_approval` what was decided.
#[coral_tool]
pub(crate) fn request_approval(
    /// What is to be approved, in one sentence for a person.
    #[arg(min_length = 10, max_length = 500)]
    summary: String,
    #[context] Customer(customer): Customer,
    #[context] AgentName(agent): AgentName,
    #[context] State(desk): State<Desk>,
    #[context] Extension(Instance(instance)): Extension<Instance>,
) -> Ticket {
    Ticket { ticket: desk.add(&customer, &agent, summary), taken_by: instance.to_owned() }
}

/// See whether something was approved. Without a decision yet, look again later.
#[coral_tool(read_only)]
pub(crate) fn check_approval(
    /// The ticket that `request_approval` has given.
    ticket: u64,
    #[context] Customer(customer): Customer,
    #[context] State(desk): State<Desk>,
) -> Result<Approval, ToolError> {
    let approval = desk.of(&customer).into_iter().find(|approval| approval.ticket == ticket);
    approval.ok_or_else(|| ToolError::new("there is no such ticket; list_approvals shows those there are"))
}
