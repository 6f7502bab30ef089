//! A tool without the macro: a type of arguments that implements `Tool` and `Handler`.

use coral_tools::{Context, Definition, FromContext, Handler, Reply, Tool, ToolError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::approval_store::ApprovalRequest;
use crate::customer::Customer;

/// The tool and its arguments.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ListApprovals {
    /// Omit requests that a person has decided.
    #[serde(default)]
    pub(crate) open_only: bool,
}

impl Tool for ListApprovals {
    const NAME: &'static str = "list_approvals";

    fn definition() -> Definition {
        Definition::new("List the requests for approval.")
            .takes::<Self>()
            .returns::<Vec<ApprovalRequest>>()
            .read_only(true)
    }
}

impl Handler<App> for ListApprovals {
    async fn call(self, context: &Context<'_, App>) -> Result<Reply, ToolError> {
        let Customer(customer) = Customer::from_context(context).await?;
        let mut requests = context.state().approvals.for_customer(&customer);
        requests.retain(|request| !self.open_only || request.decision.is_none());
        Reply::json(&requests)
    }
}
