//! How events are asked for.

use std::time::Duration;

use serde_json::Value;

use super::session::Session;
use crate::api::{Call, ClientError, Path, Repeat, Stage};

/// What a run has no use for, and is the bulk of what is told. Older servers know these names, too.
const EXCLUDED: [&str; 3] = ["llm.generation", "output.message.delta", "reason.thinking.delta"];
/// A server that asks for more before it is called again is not obeyed.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The last event.
pub(super) fn last(session: &Session) -> Call {
    reading(excluding(session.path().then("events")).query("limit", Some("1")))
}

/// The beginning of the last turn.
pub(super) fn last_beginning(session: &Session) -> Call {
    reading(session.path().then("events").query("types", Some("turn.started")).query("limit", Some("1")))
}

/// The events after this one.
pub(super) fn since(session: &Session, event: Option<&str>) -> Call {
    reading(excluding(session.path().then("events")).query("since_id", event))
}

fn reading(path: Path) -> Call {
    Call::get("reading events", path).repeating(Repeat::Faults)
}

/// Without a place to go on from, some servers begin with what comes next, and some with the first event; asked for what is
/// after none, all begin with the first. The two parameters together are refused.
pub(super) fn streaming(session: &Session, cursor: Option<&str>) -> Call {
    let path = excluding(session.path().then("sse"));
    let path = match cursor {
        Some(last) => path.query("since_id", Some(last)),
        None => path.query("after_sequence", Some("0")),
    };
    Call::get("following events", path)
}

fn excluding(path: Path) -> Path {
    EXCLUDED.into_iter().fold(path, |path, kind| path.query("exclude", Some(kind)))
}

/// A server that streams to others, or to nobody, may still be asked.
pub(super) fn refuses_streams(error: &ClientError) -> bool {
    match error.status() {
        Some(401 | 403) | None => error.stage() == Stage::Unreadable,
        Some(status) => status < 500 || status == 501,
    }
}

/// After how long to connect again, as the server says.
pub(super) fn retry(data: Option<&str>) -> Duration {
    let data: Option<Value> = data.and_then(|data| serde_json::from_str(data).ok());
    let millis = data.as_ref().and_then(|data| data.get("retry_ms")?.as_u64());
    Duration::from_millis(millis.unwrap_or_default()).min(LONGEST_PAUSE)
}
