//! A session's events, read from one connection after another.

use serde_json::{Map, Value};

use crate::api::{
    ClientError, HttpRequest, ReconnectingSseItem, ReconnectingSseStream, RetryPolicy, SseEvent, Transport,
};
use crate::json::{DecodeError, FromJson};
use crate::platform::qoder::sessions::event::Event;
use crate::platform::qoder::sessions::session::Session;

const STREAMING_EVENTS: &str = "streaming the events of a session";
/// Heartbeats, and parts of events that are sent whole later.
const IGNORED_TYPES: [&str; 4] = ["heartbeat", "ping", "event_start", "event_delta"];
/// Limits for what error messages quote from the server.
const MAX_QUOTED_MESSAGE: usize = 500;
const MAX_QUOTED_NAME: usize = 200;

/// The events of a session after a cursor. It reconnects after a disconnect, from the last event that was read.
pub(crate) struct EventSubscription {
    session: Session,
    stream: ReconnectingSseStream,
    /// The id of the last event.
    cursor: String,
    has_connected: bool,
}

impl EventSubscription {
    pub(crate) fn new(session: Session, cursor: String) -> Self {
        let idle_timeout = session.qoder().transport().settings().idle_timeout;
        let stream =
            ReconnectingSseStream::new(idle_timeout, session.qoder().outage_tolerance().in_session(session.id()));
        Self { session, stream, cursor, has_connected: false }
    }

    /// Whether a connection has been open.
    pub(crate) fn has_connected(&self) -> bool {
        self.has_connected
    }

    /// Waits for the next event.
    ///
    /// # Errors
    ///
    /// Returns an error if the server does not know the cursor (400) or rejects the stream for another reason, or if an event
    /// cannot be decoded.
    pub(crate) async fn next(&mut self) -> Result<Event, ClientError> {
        let Self { session, stream, cursor, has_connected } = self;
        let transport = session.qoder().transport();
        loop {
            let request = || {
                HttpRequest::get(STREAMING_EVENTS, session.events_path().join("stream"))
                    .with_header("last-event-id", cursor.as_str())
                    .with_retry_policy(RetryPolicy::ServerErrors)
            };
            let ReconnectingSseItem::Event(event) = stream.next(transport, request).await? else {
                *has_connected = true;
                continue;
            };
            match decode(transport, event)? {
                StreamItem::Event(event) => {
                    if !event.id.is_empty() {
                        cursor.clone_from(&event.id);
                    }
                    return Ok(event);
                }
                StreamItem::End => stream.disconnect(),
                StreamItem::Ignored => {}
            }
        }
    }
}

/// The content of a server-sent event.
enum StreamItem {
    Event(Event),
    /// A heartbeat, a part of an event, or an empty event.
    Ignored,
    /// The marker `[DONE]`, after which the server sends nothing on this connection.
    End,
}

fn decode(transport: &Transport, event: SseEvent) -> Result<StreamItem, ClientError> {
    let SseEvent { event: name, data, id, .. } = event;
    let is_ignored = |kind: &str| IGNORED_TYPES.contains(&kind);
    let data = data.unwrap_or_default();
    if data.trim().is_empty() || name.as_deref().is_some_and(is_ignored) {
        return Ok(StreamItem::Ignored);
    }
    if data.trim() == "[DONE]" {
        return Ok(StreamItem::End);
    }
    let unreadable = |problem: &str| {
        let id = id.as_deref().and_then(|id| transport.redacted(id, MAX_QUOTED_NAME));
        let id = id.as_deref().unwrap_or("without an id");
        ClientError::invalid_response(STREAMING_EVENTS, DecodeError::new(format!("the event {id} {problem}")))
    };
    let Ok(Value::Object(mut fields)) = serde_json::from_str(&data) else {
        return Err(unreadable("is not a JSON object"));
    };
    // The data takes precedence over the fields of the server-sent event.
    for (key, value) in [("id", &id), ("type", &name)] {
        if let Some(value) = value.as_ref().filter(|_| fields.get(key).is_none_or(Value::is_null)) {
            fields.insert(key.to_owned(), value.as_str().into());
        }
    }
    // The `type` in the data of an `error` event may be the type of the error.
    let is_named_error = name.as_deref() == Some("error");
    match fields.get("type").and_then(Value::as_str) {
        kind if kind == Some("error") || is_named_error => Err(unreadable(&describe_error(transport, &fields))),
        Some(kind) if is_ignored(kind) => Ok(StreamItem::Ignored),
        _ => {
            let event = Event::from_json(Value::Object(fields));
            event.map(StreamItem::Event).map_err(|error| ClientError::invalid_response(STREAMING_EVENTS, error))
        }
    }
}

/// Describes an error that was sent instead of an event. Its message and type are in `error`, or else in the event itself.
fn describe_error(transport: &Transport, fields: &Map<String, Value>) -> String {
    let inner = |key: &str| fields.get("error")?.get(key)?.as_str();
    let outer = |key: &str| fields.get(key)?.as_str().filter(|text| *text != "error");
    let text = |key: &str, max| inner(key).or_else(|| outer(key)).and_then(|text| transport.redacted(text, max));
    let message = text("message", MAX_QUOTED_MESSAGE).unwrap_or_else(|| "no message".to_owned());
    let kind = text("type", MAX_QUOTED_NAME).unwrap_or_else(|| "no type".to_owned());
    format!("is an error: {message} ({kind})")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;

    use super::*;
    use crate::api::tests::{KEY, TestResponse, TestServer};
    use crate::platform::qoder::client::Qoder;

    fn subscribe(server: &TestServer) -> EventSubscription {
        EventSubscription::new(Qoder::at(&server.url).key(KEY).session("sess_1"), "evt_0".to_owned())
    }

    fn event(id: usize) -> String {
        format!("id: evt_{id}\ndata: {{\"id\": \"evt_{id}\", \"type\": \"agent.thinking\"}}\n\n")
    }

    /// Returns the pauses between the first five streams of a session, which have these bodies.
    async fn pauses(body: impl Fn(usize) -> String + Send + 'static) -> Vec<Duration> {
        let server = TestServer::with_responder(move |_, stream| match stream {
            ..5 => TestResponse::stream(body(stream)),
            _ => TestResponse::json(401, "{}"),
        })
        .await;
        let mut subscription = subscribe(&server);
        let read_all = async {
            loop {
                if let Err(error) = subscription.next().await {
                    return error;
                }
            }
        };
        let error = tokio::time::timeout(Duration::from_secs(1000), read_all).await.expect("the error");
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
        server.intervals()
    }

    #[tokio::test(start_paused = true)]
    async fn streams_without_new_events_reconnect_with_back_off() {
        let heartbeat = "event: heartbeat\ndata: {}\n\n".to_owned();
        let delta = "id: evt_9\nevent: event_delta\ndata: {\"id\": \"evt_9\"}\n\n".to_owned();
        let replay = event(1) + &event(0);
        for body in ["data: [DONE]\n\n".to_owned(), heartbeat, delta, event(0), replay, String::new()] {
            let sent = body.clone();
            let pauses = pauses(move |_| sent.clone()).await;
            for (pause, least) in pauses.iter().zip([100, 200, 400, 800, 1600]) {
                assert!(*pause >= Duration::from_millis(least), "{body}: {pauses:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn streams_with_new_events_reconnect_at_once() {
        let pauses = pauses(|stream| event(stream + 1) + "data: [DONE]\n\n").await;
        assert!(pauses.iter().all(|pause| *pause < Duration::from_millis(100)), "{pauses:?}");
    }

    #[tokio::test]
    async fn error_events_do_not_reveal_the_key() {
        let error = format!(r#"{{"type": "error", "error": {{"message": "invalid key: {KEY}", "type": "{KEY}"}}}}"#);
        for body in [format!("data: {error}\n\n"), format!("id: {KEY}\ndata: none\n\n")] {
            let server = TestServer::with_response(TestResponse::stream(body)).await;
            let error = subscribe(&server).next().await.expect_err("an error");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("the-key") && shown.contains('…'), "{shown}");
        }
    }
}
