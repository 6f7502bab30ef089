//! The stream of events (SSE), with the faults of streams.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;

use super::event_filter::EventFilter;
use super::fault::{Fault, value_of};
use super::session::new_id;
use super::state::ServerState;

/// The types of events that are not stored.
const EPHEMERAL_TYPES: [&str; 4] =
    ["output.message.delta", "reason.thinking.delta", "tool.output.delta", "voice.audio.delta"];

/// One connection of a client.
pub(super) struct EventStream {
    state: Arc<ServerState>,
    session: String,
    filter: EventFilter,
    /// The position of the next event.
    position: usize,
    /// The number of events that were sent on this connection.
    sent: usize,
    changes: watch::Receiver<u64>,
    /// Text to send next.
    chunks: VecDeque<Chunk>,
    is_silent: bool,
    is_finished: bool,
}

enum Chunk {
    Complete(String),
    /// Part of an event; then the connection is cut.
    Partial(String),
}

impl EventStream {
    pub(super) fn new(
        state: Arc<ServerState>,
        session: String,
        filter: EventFilter,
        position: usize,
        is_silent: bool,
    ) -> Self {
        let changes = state.changes();
        let connected = Chunk::Complete(format!("event: connected\ndata: {}\n\n", json!({"status": "connected"})));
        let skips_connected = is_silent || state.faults.has(Fault::NoConnectedEvent);
        let chunks = VecDeque::from_iter((!skips_connected).then_some(connected));
        Self { state, session, filter, position, sent: 0, changes, chunks, is_silent, is_finished: false }
    }

    pub(super) fn into_response(self) -> Response {
        let body = unfold(self, |mut stream| async move { stream.next().await.map(|bytes| (bytes, stream)) });
        ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(body)).into_response()
    }

    async fn next(&mut self) -> Option<Result<Bytes, io::Error>> {
        loop {
            match self.chunks.pop_front() {
                Some(Chunk::Complete(text)) => return Some(Ok(text.into())),
                Some(Chunk::Partial(text)) if !text.is_empty() => {
                    self.chunks.push_front(Chunk::Partial(String::new()));
                    return Some(Ok(text.into()));
                }
                Some(Chunk::Partial(_)) => return Some(Err(io::ErrorKind::ConnectionAborted.into())),
                None if self.is_finished => return None,
                None if self.is_silent => std::future::pending().await,
                None => (),
            }
            self.changes.mark_unchanged();
            self.queue_new_events();
            let heartbeat = self.state.heartbeat;
            if self.chunks.is_empty() && !self.is_finished && timeout(heartbeat, self.changes.changed()).await.is_err()
            {
                self.state.record_heartbeat();
                return Some(Ok(": heartbeat\n\n".into()));
            }
        }
    }

    /// Queues the events that are new.
    fn queue_new_events(&mut self) {
        let Some((new, faults)) = self.state.with_session(&self.session, |session| {
            let new = session.events.get(self.position..).unwrap_or_default().to_vec();
            (new, session.faults.clone())
        }) else {
            self.is_finished = true;
            return;
        };
        self.position += new.len();
        let mut new: Vec<Value> = new.into_iter().filter(|event| self.filter.matches(event)).collect();
        if faults.has(Fault::ReversedDuplicates) {
            new.reverse();
            new = new.into_iter().flat_map(|event| [event.clone(), event]).collect();
        }
        let disconnects_after = faults.find(value_of!(DisconnectsAfter));
        let reason = faults.find(value_of!(DisconnectReason));
        let closes_after = faults.find(value_of!(ClosesAfter));
        for event in new {
            if let Some(sequence) = event["sequence"].as_u64()
                && self.state.take_fault(&self.session, Fault::CutAt(sequence))
            {
                let text = format_event(&event);
                self.chunks.push_back(Chunk::Partial(text.chars().take(text.len() / 2).collect()));
                return;
            }
            if faults.has(Fault::EphemeralEvents) {
                let ephemeral = EPHEMERAL_TYPES.iter().map(|kind| ephemeral_event(kind, &self.session));
                let matching = ephemeral.filter(|event| self.filter.matches(event));
                self.chunks.extend(matching.map(|event| Chunk::Complete(format_event(&event))));
            }
            self.chunks.push_back(Chunk::Complete(format_event(&event)));
            self.sent += 1;
            if closes_after.is_some_and(|count| self.sent >= count) {
                self.is_finished = true;
                return;
            }
            if disconnects_after.is_some_and(|count| self.sent >= count) {
                let data = json!({"reason": reason.unwrap_or("connection_cycle"), "retry_ms": 1});
                self.chunks.push_back(Chunk::Complete(format!("event: disconnecting\ndata: {data}\n\n")));
                // The client closes the connection.
                self.is_silent = true;
                return;
            }
        }
    }
}

fn ephemeral_event(kind: &str, session: &str) -> Value {
    json!({
        "id": new_id("event"),
        "type": kind,
        "ts": "2026-11-21T19:43:30.158Z",
        "session_id": session,
        "context": {},
        "data": {"delta": "…"},
    })
}

/// Formats an event for SSE. Only stored events have an SSE id.
fn format_event(event: &Value) -> String {
    let kind = event["type"].as_str().unwrap_or_default();
    let id = event["id"].as_str().filter(|_| event.get("sequence").is_some());
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("event: {kind}\n{id}retry: 100\ndata: {event}\n\n")
}
