//! The session-end webhook: sends the report once, and ignores the response.

use std::sync::Arc;

use coral_tools::testing::SessionEndCaller;
use serde_json::Value;

use super::context::ServerContext;
use super::logs::{Level, LogSubject};

pub(super) async fn send(context: Arc<ServerContext>, url: String, report: Value) {
    let outcome = post(&context, &url, &report).await;
    let (level, text) = match outcome {
        Ok(status) => (Level::Info, format!("Sent the report of a session's end to {url}, got {status}")),
        Err(error) => (Level::Error, format!("Failed to send the report of a session's end to {url}: {error}")),
    };
    context.logs.write(level, LogSubject::default(), text);
}

async fn post(context: &ServerContext, url: &str, report: &Value) -> Result<u16, String> {
    // A URL without a host leads to this server.
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{}/{}", context.address, url.trim_start_matches('/'))
    };
    let caller = SessionEndCaller::new(context.webhook_secret.clone());
    caller.send(&url, report).await.map_err(|error| error.to_string())
}
