//! An event as a stream tells it.

use bytes::Bytes;
use serde_json::Value;

use super::trap::Trap;
use super::world::World;

/// What is told before everything else on a connection.
pub(super) fn beginning(world: &World) -> String {
    let mut text = String::new();
    let mut add = |trap, told: &str| {
        if world.has(trap) {
            text.push_str(told);
        }
    };
    add(Trap::ByteOrderMarks, "\u{feff}");
    add(Trap::BrokenData, "id: evt_broken\nevent: agent.message\ndata: {\"secret\n\n");
    let error = r#"{"type": "overloaded_error", "message": "too much to do"}"#;
    add(Trap::ErrorEvents, &format!("event: error\ndata: {{\"type\": \"error\", \"error\": {error}}}\n\n"));
    add(Trap::NamedErrorEvents, &format!("event: error\ndata: {error}\n\n"));
    text
}

/// What is told before every event.
pub(super) fn noise(world: &World) -> String {
    let mut text = String::new();
    for (trap, told) in [
        (Trap::HeartbeatComments, ": heartbeat\n\n"),
        (Trap::HeartbeatEvents, "event: heartbeat\ndata: {}\n\n"),
        (Trap::Pings, "event: ping\ndata: {\"type\": \"ping\"}\n\n"),
        (Trap::RetryLines, "retry: 1\n\n"),
    ] {
        if world.has(trap) {
            text.push_str(told);
        }
    }
    text
}

pub(super) fn frame(world: &World, event: &Value) -> Bytes {
    let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
    let (id, kind) = (text("id"), text("type"));
    let mut data = event.clone();
    if world.has(Trap::BareData)
        && let Some(fields) = data.as_object_mut()
    {
        fields.remove("id");
        fields.remove("type");
    }
    let name = if world.has(Trap::WrongNames) { "message" } else { &kind };
    let data =
        if world.has(Trap::SplitData) { format!("{data:#}").replace('\n', "\ndata: ") } else { data.to_string() };
    let frame = format!("id: {id}\nevent: {name}\ndata: {data}\n\n");
    if world.has(Trap::CrLf) { frame.replace('\n', "\r\n").into() } else { frame.into() }
}
