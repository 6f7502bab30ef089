//! Requests for events.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use crate::api::{ClientError, FailureStage, HttpRequest, RequestPath, RetryPolicy};
use crate::platform::everruns::session::Session;

/// Large events that a run does not need. Servers reject types that they do not know, and old servers know these.
const EXCLUDED_TYPES: [&str; 3] = ["llm.generation", "output.message.delta", "reason.thinking.delta"];
/// Upper bound of the server's `retry_ms`.
const MAX_RETRY_DELAY: Duration = Duration::from_secs(10);

/// Requests the last event.
pub(super) fn last_event(session: &Session) -> HttpRequest {
    list(without_excluded(session.path().join("events")).query("limit", Some("1")))
}

/// Requests the start of the last turn.
pub(super) fn last_turn_start(session: &Session) -> HttpRequest {
    list(session.path().join("events").query("types", Some("turn.started")).query("limit", Some("1")))
}

/// Requests the events after this one, or all events.
pub(super) fn events_after(session: &Session, event_id: Option<&str>) -> HttpRequest {
    list(without_excluded(session.path().join("events")).query("since_id", event_id))
}

fn list(path: RequestPath) -> HttpRequest {
    HttpRequest::get("reading events", path).with_retry_policy(RetryPolicy::ServerErrors)
}

/// Requests a stream of the events after this one, or of all events.
///
/// Without a cursor some servers start with the next event, others with the first; with `after_sequence=0` all start with the
/// first. Servers reject the two parameters together.
pub(super) fn stream_after(session: &Session, event_id: Option<&str>) -> HttpRequest {
    let path = without_excluded(session.path().join("sse"));
    let path = match event_id {
        Some(event_id) => path.query("since_id", Some(event_id)),
        None => path.query("after_sequence", Some("0")),
    };
    HttpRequest::get("following events", path)
}

fn without_excluded(path: RequestPath) -> RequestPath {
    EXCLUDED_TYPES.into_iter().fold(path, |path, kind| path.query("exclude", Some(kind)))
}

/// Whether the server rejects the stream, although it may still list events.
pub(super) fn is_stream_rejected(error: &ClientError) -> bool {
    match error.status() {
        Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) | None => error.stage() == FailureStage::InvalidResponse,
        Some(status) => status < StatusCode::INTERNAL_SERVER_ERROR || status == StatusCode::NOT_IMPLEMENTED,
    }
}

/// Reads the delay before a reconnect from the data of a `disconnecting` event.
pub(super) fn reconnect_delay(data: Option<&str>) -> Duration {
    let data: Option<Value> = data.and_then(|data| serde_json::from_str(data).ok());
    let millis = data.as_ref().and_then(|data| data.get("retry_ms")?.as_u64());
    Duration::from_millis(millis.unwrap_or_default()).min(MAX_RETRY_DELAY)
}
