//! Events of a session as they are told, from one connection after the other.

use std::time::Duration;

use serde_json::Value;

use crate::api::{ClientError, HttpRequest, RetryPolicy, SseEvent, SseItem, SseStream, Transport};
use crate::json::DecodeError;
use crate::platform::qoder::sessions::Event;
use crate::platform::qoder::sessions::Session;
use crate::platform::qoder::view::Fields;

const FOLLOWING: &str = "following a session's events";
/// A heartbeat comes about every 15 s.
const SILENCE: Duration = Duration::from_secs(60);
/// What is told for the sake of the connection, and pieces of events that come whole later.
const NOT_EVENTS: [&str; 4] = ["heartbeat", "ping", "event_start", "event_delta"];

/// As much of a server's sentence, and of its ids and types, as anyone will read.
const LONGEST_SENTENCE: usize = 500;
const LONGEST_WORD: usize = 200;

/// The events of a session after one of them.
pub(crate) struct EventFeed {
    session: Session,
    feed: SseStream,
    cursor: String,
    /// Whether there has been a connection.
    pub(crate) has_connected: bool,
}

impl EventFeed {
    pub(crate) fn after(session: Session, cursor: String) -> Self {
        let feed = SseStream::new(SILENCE, session.qoder().patient());
        Self { session, feed, cursor, has_connected: false }
    }

    /// The next event.
    ///
    /// # Errors
    ///
    /// Where there is no stream after the event (400), or what is told cannot be read.
    pub(crate) async fn next(&mut self) -> Result<Event, ClientError> {
        let Self { session, feed, cursor, has_connected } = self;
        loop {
            let call = || {
                let path = session.events_path().then("stream");
                HttpRequest::get(FOLLOWING, path)
                    .with_header("last-event-id", cursor.as_str())
                    .repeating(RetryPolicy::Faults)
            };
            let SseItem::Event(block) = feed.next(session.qoder().transport(), call).await? else {
                *has_connected = true;
                continue;
            };
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

fn read(transport: &Transport, SseEvent { event: name, data, id, .. }: SseEvent) -> Result<Block, ClientError> {
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
        ClientError::unreadable(FOLLOWING, DecodeError::new(format!("the event {id} {what}")))
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
        kind if kind == Some("error") || is_named_error => Err(unreadable(&said(transport, &fields))),
        Some(kind) if is_noise(kind) => Ok(Block::Nothing),
        _ => Ok(Block::Event(Event::read(fields))),
    }
}

/// An error in the place of an event: what it says is in its `error`, or in itself.
fn said(transport: &Transport, fields: &Fields) -> String {
    let inner = |key: &str| fields.0.get("error")?.get(key)?.as_str();
    let outer = |key: &str| fields.0.get(key)?.as_str().filter(|text| *text != "error");
    let text = |key: &str, longest| inner(key).or_else(|| outer(key)).and_then(|text| transport.shown(text, longest));
    let sentence = text("message", LONGEST_SENTENCE).unwrap_or_else(|| "no words".to_owned());
    let kind = text("type", LONGEST_WORD).unwrap_or_else(|| "of no type".to_owned());
    format!("is an error: {sentence} ({kind})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::tests::{KEY, Server, TestResponse};
    use crate::platform::qoder::client::Qoder;

    fn feed(server: &Server) -> EventFeed {
        EventFeed::after(Qoder::at(&server.url).token(KEY).session("sess_1"), "evt_0".to_owned())
    }

    fn event(id: usize) -> String {
        format!("id: evt_{id}\ndata: {{\"id\": \"evt_{id}\", \"type\": \"agent.thinking\"}}\n\n")
    }

    /// Follows a session whose first five streams are these: the pauses between them.
    async fn pauses(body: impl Fn(usize) -> String + Send + 'static) -> Vec<Duration> {
        let server = Server::to(move |_, stream| match stream {
            ..5 => TestResponse::stream(body(stream)),
            _ => TestResponse::json(401, "{}"),
        })
        .await;
        let mut feed = feed(&server);
        let following = async {
            loop {
                if let Err(error) = feed.next().await {
                    return error;
                }
            }
        };
        let error = tokio::time::timeout(Duration::from_secs(1000), following).await.expect("an end");
        assert_eq!(error.status(), Some(401));
        server.pauses()
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_tells_nothing_new_is_opened_with_growing_pauses() {
        let heartbeat = "event: heartbeat\ndata: {}\n\n".to_owned();
        let delta = "id: evt_9\nevent: event_delta\ndata: {\"id\": \"evt_9\"}\n\n".to_owned();
        let replay = event(1) + &event(0);
        for body in ["data: [DONE]\n\n".to_owned(), heartbeat, delta, event(0), replay, String::new()] {
            let told = body.clone();
            let pauses = pauses(move |_| told.clone()).await;
            for (pause, least) in pauses.iter().zip([100, 200, 400, 800, 1600]) {
                assert!(*pause >= Duration::from_millis(least), "{body}: {pauses:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_tells_something_new_is_opened_again_at_once() {
        let pauses = pauses(|stream| event(stream + 1) + "data: [DONE]\n\n").await;
        assert!(pauses.iter().all(|pause| *pause < Duration::from_millis(100)), "{pauses:?}");
    }

    #[tokio::test]
    async fn an_error_in_the_place_of_an_event_shows_no_token() {
        let error = format!(r#"{{"type": "error", "error": {{"message": "no such token: {KEY}", "type": "{KEY}"}}}}"#);
        for told in [format!("data: {error}\n\n"), format!("id: {KEY}\ndata: none\n\n")] {
            let server = Server::saying(TestResponse::stream(told)).await;
            let error = feed(&server).next().await.expect_err("no event");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("the-key") && shown.contains('…'), "{shown}");
        }
    }
}
