//! Events of a session as they are told, from one connection after the other.

use std::time::Duration;

use serde_json::Value;

use super::event::Event;
use super::session::Session;
use super::view::Fields;
use crate::api::{Call, ClientError, Fed, Feed, Repeat, Sse};
use crate::session::state::StateError;

const FOLLOWING: &str = "following a session's events";
/// A heartbeat comes about every 15 s.
const SILENCE: Duration = Duration::from_secs(60);
/// What is told for the sake of the connection, and pieces of events that come whole later.
const NOT_EVENTS: [&str; 4] = ["heartbeat", "ping", "event_start", "event_delta"];

/// The events of a session after one of them.
pub(super) struct EventFeed {
    session: Session,
    feed: Feed,
    cursor: String,
    /// Whether there has been a connection.
    pub(super) has_connected: bool,
}

impl EventFeed {
    pub(super) fn after(session: Session, cursor: String) -> Self {
        let feed = Feed::new(SILENCE, session.qoder().patient());
        Self { session, feed, cursor, has_connected: false }
    }

    /// The next event.
    ///
    /// # Errors
    ///
    /// Where there is no stream after the event (400), or what is told cannot be read.
    pub(super) async fn next(&mut self) -> Result<Event, ClientError> {
        let Self { session, feed, cursor, has_connected } = self;
        loop {
            let call = || {
                let path = session.events_path().then("stream");
                Call::get(FOLLOWING, path).with_header("last-event-id", cursor.as_str()).repeating(Repeat::Faults)
            };
            let Fed::Event(block) = feed.next(session.qoder().transport(), call).await? else {
                *has_connected = true;
                continue;
            };
            match read(block)? {
                Block::Event(event) => {
                    if !event.id.is_empty() {
                        cursor.clone_from(&event.id);
                    }
                    return Ok(event);
                }
                Block::End => feed.leave_for_a_while(),
                Block::Nothing => {}
            }
        }
    }
}

/// A block of the stream.
enum Block {
    Event(Event),
    Nothing,
    /// The server is done with this connection.
    End,
}

fn read(Sse { event: name, data, id, .. }: Sse) -> Result<Block, ClientError> {
    let is_noise = |kind: &str| NOT_EVENTS.contains(&kind);
    let data = data.unwrap_or_default();
    if data.trim().is_empty() || name.as_deref().is_some_and(is_noise) {
        return Ok(Block::Nothing);
    }
    if data.trim() == "[DONE]" {
        return Ok(Block::End);
    }
    let unreadable = |what: &str| {
        let id = id.as_deref().unwrap_or("without an id");
        ClientError::unreadable(FOLLOWING, StateError::new(format!("the event {id} {what}")))
    };
    let Ok(Value::Object(fields)) = serde_json::from_str(&data) else {
        return Err(unreadable("is no JSON object"));
    };
    let mut fields = Fields(fields);
    // What is in the data counts; the block says it again.
    for (key, value) in [("id", &id), ("type", &name)] {
        if let Some(value) = value.as_ref().filter(|_| fields.0.get(key).is_none_or(Value::is_null)) {
            fields.0.insert(key.to_owned(), value.as_str().into());
        }
    }
    // An error's own type may stand in the data instead.
    let is_named_error = name.as_deref() == Some("error");
    match fields.0.get("type").and_then(Value::as_str) {
        kind if kind == Some("error") || is_named_error => Err(unreadable(&said(&fields))),
        Some(kind) if is_noise(kind) => Ok(Block::Nothing),
        _ => Ok(Block::Event(Event::read(fields))),
    }
}

/// An error in the place of an event: what it says is in its `error`, or in itself.
fn said(fields: &Fields) -> String {
    let inner = |key: &str| fields.0.get("error")?.get(key)?.as_str();
    let outer = |key: &str| fields.0.get(key)?.as_str().filter(|text| *text != "error");
    let text = |key: &str| inner(key).or_else(|| outer(key));
    let sentence: String =
        text("message").unwrap_or("no words").chars().filter(|c| !c.is_control()).take(500).collect();
    format!("is an error: {sentence} ({})", text("type").unwrap_or("of no type"))
}
