//! Events of a session as they are told, from one connection after the other.

use std::time::Duration;

use serde_json::Value;

use super::event::Event;
use super::session::Session;
use super::view::Fields;
use crate::api::{Call, ClientError, Fed, Feed, Repeat, Sse, Transport};
use crate::session::state::StateError;

const FOLLOWING: &str = "following a session's events";
/// A heartbeat comes about every 15 s.
const SILENCE: Duration = Duration::from_secs(60);
/// What is told for the sake of the connection, and pieces of events that come whole later.
const NOT_EVENTS: [&str; 4] = ["heartbeat", "ping", "event_start", "event_delta"];

/// As much of a server's sentence, and of its ids and types, as anyone will read.
const LONGEST_SENTENCE: usize = 500;
const LONGEST_WORD: usize = 200;

/// The events of a session after one of them.
pub(super) struct EventFeed {
    session: Session,
    feed: Feed,
    cursor: String,
}

impl EventFeed {
    pub(super) fn after(session: Session, cursor: String) -> Self {
        let feed = Feed::new(SILENCE, session.qoder().patient());
        Self { session, feed, cursor }
    }

    /// The next event.
    ///
    /// # Errors
    ///
    /// Where there is no stream after the event (400), or what is told cannot be read.
    pub(super) async fn next(&mut self) -> Result<Event, ClientError> {
        let Self { session, feed, cursor } = self;
        loop {
            let call = || {
                let path = session.events_path().then("stream");
                Call::get(FOLLOWING, path).with_header("last-event-id", cursor.as_str()).repeating(Repeat::Faults)
            };
            let Fed::Event(block) = feed.next(session.qoder().transport(), call).await? else { continue };
            match read(session.qoder().transport(), block)? {
                Block::Event(event) => {
                    if !event.id.is_empty() {
                        cursor.clone_from(&event.id);
                    }
                    return Ok(event);
                }
                Block::End => feed.leave(),
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

fn read(transport: &Transport, Sse { event: name, data, id, .. }: Sse) -> Result<Block, ClientError> {
    let is_noise = |kind: &str| NOT_EVENTS.contains(&kind);
    let data = data.unwrap_or_default();
    if data.trim().is_empty() || name.as_deref().is_some_and(is_noise) {
        return Ok(Block::Nothing);
    }
    if data.trim() == "[DONE]" {
        return Ok(Block::End);
    }
    let unreadable = |what: &str| {
        let id = id.as_deref().and_then(|id| transport.shown(id, LONGEST_WORD));
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
    match fields.0.get("type").and_then(Value::as_str) {
        Some(kind) if is_noise(kind) => Ok(Block::Nothing),
        Some("error") => Err(unreadable(&said(transport, &fields))),
        _ => Event::read(fields).map(Block::Event).ok_or_else(|| unreadable("lacks what makes it one")),
    }
}

/// An error in the place of an event.
fn said(transport: &Transport, fields: &Fields) -> String {
    let text = |key: &str, longest| {
        let text = fields.0.get("error").and_then(|error| error.get(key)?.as_str());
        text.and_then(|text| transport.shown(text, longest))
    };
    let sentence = text("message", LONGEST_SENTENCE).unwrap_or_else(|| "no words".to_owned());
    let kind = text("type", LONGEST_WORD).unwrap_or_else(|| "of no type".to_owned());
    format!("is an error: {sentence} ({kind})")
}
