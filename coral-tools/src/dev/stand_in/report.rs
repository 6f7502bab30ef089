//! The session-end webhook: a POST of the report, once, whatever comes back.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::answer::pretty;
use super::common::Common;
use super::logs::{About, Level};
use crate::dev::request::WireRequest;
use crate::dev::socket::exchange;
use crate::dev::url::Destination;
use crate::webhook::sign;

/// How long the server's HTTP client takes, at most, to connect and in all.
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(15);

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
    let to = Destination::as_is(&url)?;
    if to.tls {
        return Err("a stand-in speaks plain http alone".to_owned());
    }
    let body = pretty(report);
    let signature = sign(&common.webhook_secret, body.as_bytes());
    let request = WireRequest::report(to, body, signature).map_err(|error| error.to_string())?;
    let response = timeout(WHOLE, exchange(&request, CONNECT)).await;
    Ok(response.map_err(|_elapsed| "it took too long".to_owned())??.status)
}
