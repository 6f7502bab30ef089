//! The same endpoint by `coral-tools`, with everything that is on by default.

use axum::Router;
use coral_tools::{Context, Definition, Handler, Reply, Secret, Tool, ToolError, Toolset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
struct SubmitReport {
    title: String,
    content: String,
}
#[derive(Serialize, JsonSchema)]
struct Receipt {
    report_id: usize,
}
impl Tool for SubmitReport {
    const NAME: &'static str = "submit_report";
    fn definition() -> Definition {
        Definition::new("Submit a completed report.").takes::<Self>().returns::<Receipt>()
    }
}
impl<S: Sync> Handler<S> for SubmitReport {
    async fn call(self, context: &Context<'_, S>) -> Result<Reply, ToolError> {
        let who = context.session_id().map_or(0, str::len) + context.agent_name().map_or(0, str::len);
        Reply::json(&Receipt { report_id: who + self.title.len() + self.content.len() })
    }
}

pub fn app() -> Router {
    let tools: Toolset = Toolset::builder().tool::<SubmitReport>().build().expect("tools");
    Router::new().nest("/coral", tools.webhooks(Secret::new(super::SECRET))).with_state(())
}
