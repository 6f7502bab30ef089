//! A tool without the macro: a type of arguments, and how it is described and run.

use coral_tools::{Context, Definition, FromContext, Handler, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::customer::Customer;
use crate::desk::Approval;

/// The arguments, and the tool.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ListApprovals {
    /// Leave out what somebody has decided.
    #[serde(default)]
    pub(crate) open_only: bool,
}

impl Tool for ListApprovals {
    const NAME: &'static str = "list_approvals";

    fn definition() -> Definition {
        Definition::new("List what was asked to be approved.")
            .takes::<Self>()
            .returns::<Vec<Approval>>()
            .read_only(true)
    }
}

impl Handler<App> for ListApprovals {
    async fn call(self, context: &Context<'_, App>) -> Result<Reply, ToolError> {
        let Customer(customer) = Customer::from_context(context).await?;
        let mut approvals = context.state().desk.of(&customer);
        approvals.retain(|approval| !self.open_only || approval.decision.is_none());
        Reply::json(&approvals)
    }
}
