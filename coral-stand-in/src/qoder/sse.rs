//! Formats events for SSE, with the faults of the format.

use bytes::Bytes;
use serde_json::Value;

use super::fault::Fault;
use super::state::ServerState;

/// The text at the start of every connection.
pub(super) fn preamble(state: &ServerState) -> String {
    let mut text = String::new();
    let mut add = |fault, added: &str| {
        if state.has(fault) {
            text.push_str(added);
        }
    };
    add(Fault::ByteOrderMarks, "\u{feff}");
    add(Fault::MalformedData, "id: evt_broken\nevent: agent.message\ndata: {\"secret\n\n");
    let error = r#"{"type": "overloaded_error", "message": "the server is overloaded"}"#;
    add(Fault::ErrorEvents, &format!("event: error\ndata: {{\"type\": \"error\", \"error\": {error}}}\n\n"));
    add(Fault::NamedErrorEvents, &format!("event: error\ndata: {error}\n\n"));
    text
}

/// The text before every event.
pub(super) fn event_prefix(state: &ServerState) -> String {
    let mut text = String::new();
    for (fault, added) in [
        (Fault::HeartbeatComments, ": heartbeat\n\n"),
        (Fault::HeartbeatEvents, "event: heartbeat\ndata: {}\n\n"),
        (Fault::PingEvents, "event: ping\ndata: {\"type\": \"ping\"}\n\n"),
        (Fault::RetryLines, "retry: 1\n\n"),
    ] {
        if state.has(fault) {
            text.push_str(added);
        }
    }
    text
}

pub(super) fn format_event(state: &ServerState, event: &Value) -> Bytes {
    let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
    let (id, kind) = (text("id"), text("type"));
    let mut data = event.clone();
    if state.has(Fault::BareData)
        && let Some(fields) = data.as_object_mut()
    {
        fields.remove("id");
        fields.remove("type");
    }
    let name = if state.has(Fault::WrongNames) { "message" } else { &kind };
    let data =
        if state.has(Fault::SplitData) { format!("{data:#}").replace('\n', "\ndata: ") } else { data.to_string() };
    let frame = format!("id: {id}\nevent: {name}\ndata: {data}\n\n");
    if state.has(Fault::CrLf) { frame.replace('\n', "\r\n").into() } else { frame.into() }
}
