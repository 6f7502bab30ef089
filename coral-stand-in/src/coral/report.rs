//! The session-end webhook: a POST of the report, once, whatever comes back.

use std::sync::Arc;

use coral_tools::testing::SessionEndCaller;
use serde_json::Value;

use super::common::Common;
use super::logs::{About, Level};

pub(super) async fn send(common: Arc<Common>, url: String, report: Value) {
    let outcome = post(&common, &url, &report).await;
    let (level, text) = match outcome {
        Ok(status) => (Level::Info, format!("Sent the report of a session's end to {url}, got {status}")),
        Err(fault) => (Level::Error, format!("Failed to send the report of a session's end to {url}: {fault}")),
    };
    common.logs.write(level, About::default(), text);
}

async fn post(common: &Common, url: &str, report: &Value) -> Result<u16, String> {
    // What names no server is meant for this one.
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{}/{}", common.address, url.trim_start_matches('/'))
    };
    let caller = SessionEndCaller::new(common.webhook_secret.clone());
    caller.send(&url, report).await.map_err(|error| error.to_string())
}
