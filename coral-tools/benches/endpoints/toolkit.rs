//! The same endpoint by `coral-tools`, with the default configuration.

use axum::Router;
use coral_tools::webhook::WebhookService;
use coral_tools::{AgentName, Secret, SessionId, Toolset, coral_tool, toolset};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
struct Receipt {
    report_id: usize,
}

/// Submit a completed report to the application.
#[coral_tool]
async fn submit_report(
    /// The title of the report.
    title: String,
    /// The report content, in Markdown.
    content: String,
    #[context] SessionId(session): SessionId,
    #[context] AgentName(agent): AgentName,
) -> Receipt {
    Receipt { report_id: session.len() + agent.len() + title.len() + content.len() }
}

pub(super) fn app() -> Router {
    let tools: Toolset = toolset![submit_report];
    Router::new().nest(super::NESTED, tools.webhooks(Secret::new(super::SECRET))).with_state(())
}

pub(super) fn service() -> WebhookService {
    let tools: Toolset = toolset![submit_report];
    tools.webhook_service(Secret::new(super::SECRET), ())
}
