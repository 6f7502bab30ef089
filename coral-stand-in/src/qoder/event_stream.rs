//! `/sessions/{id}/events/stream`.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::unfold;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::yield_now;

use super::fault::{Fault, value_of};
use super::rejection::{ApiResult, Rejection, json_response};
use super::sse;
use super::state::ServerState;

pub(super) async fn stream_events(
    State(state): State<Arc<ServerState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> ApiResult {
    if state.has(Fault::JsonStreams) {
        return Ok(json_response(200, &serde_json::json!({})));
    }
    let cursor = headers.get("last-event-id").and_then(|cursor| cursor.to_str().ok());
    let next = start_position(&state, &id, cursor)?;
    let changed = state.changed.subscribe();
    let mut stream = EventStream { state, id, next, changed, chunks: VecDeque::new(), sent: 0 };
    if stream.is_silent() {
        stream.chunks.extend([Chunk::Bytes(": heartbeat\n\n".into()), Chunk::End]);
    }
    let preamble = sse::preamble(&stream.state);
    if !preamble.is_empty() {
        stream.chunks.push_front(Chunk::Bytes(preamble.into()));
    }
    let body = Body::from_stream(unfold(stream, async |mut stream| Some((stream.next().await?, stream))));
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    Ok(response)
}

/// The position after the cursor; without a cursor, after all events.
fn start_position(state: &ServerState, id: &str, cursor: Option<&str>) -> Result<usize, Rejection> {
    let forgotten = state.fault_value(value_of!(ForgottenCursors));
    let mut resources = state.lock();
    let session = resources.sessions.get(id).ok_or_else(|| Rejection::not_found("session", id))?;
    let (is_deleted, end) = (session.is_deleted(), session.events.len());
    let found = cursor.map(|cursor| session.events.iter().position(|event| event["id"] == cursor));
    let next = match found {
        None => end,
        Some(found) => {
            resources.resumed_streams += 1;
            let found = found.filter(|_| resources.resumed_streams > forgotten.unwrap_or(0));
            found.ok_or_else(|| Rejection::field("Last-Event-ID", "unknown"))? + 1
        }
    };
    // A stream still sends the deletion of its session; after that, the session does not exist.
    match is_deleted && next >= end {
        true => Err(Rejection::not_found("session", id)),
        false if state.has(Fault::ReplaysHistory) => Ok(0),
        false => Ok(next),
    }
}

enum Chunk {
    Bytes(Bytes),
    Abort,
    End,
}

/// The events of a session on one connection.
struct EventStream {
    state: Arc<ServerState>,
    id: String,
    /// The position of the next event.
    next: usize,
    changed: watch::Receiver<u64>,
    chunks: VecDeque<Chunk>,
    /// The number of events that were sent on this connection.
    sent: usize,
}

impl EventStream {
    async fn next(&mut self) -> Option<Result<Bytes, io::Error>> {
        loop {
            match self.chunks.pop_front() {
                Some(Chunk::Bytes(bytes)) => return Some(Ok(bytes)),
                Some(Chunk::Abort) => {
                    // Lets hyper send the previous chunks first.
                    yield_now().await;
                    return Some(Err(io::ErrorKind::ConnectionAborted.into()));
                }
                Some(Chunk::End) => return None,
                None => {}
            }
            self.changed.mark_unchanged();
            match self.next_event() {
                Ok(Some(event)) => self.queue(&event),
                Ok(None) if self.changed.changed().await.is_ok() => {}
                Ok(None) | Err(SessionDeleted) => return None,
            }
        }
    }

    /// The next event, if there is one and it is not held.
    fn next_event(&mut self) -> Result<Option<Value>, SessionDeleted> {
        let hold = self.state.fault_value(value_of!(HoldAt));
        let resources = self.state.lock();
        let is_held = !resources.is_released && hold.is_some_and(|hold| *self.state.sent.borrow() >= hold);
        let session = resources.sessions.get(&self.id).ok_or(SessionDeleted)?;
        let events = &session.events;
        if is_held {
            return Ok(None);
        }
        let Some(event) = events.get(self.next).cloned() else {
            return if session.is_deleted() { Err(SessionDeleted) } else { Ok(None) };
        };
        let is_call = |event: &Value| event["type"] == "agent.custom_tool_use";
        let is_idle = |event: &Value| event["type"] == "session.status_idle";
        if self.state.has(Fault::HiddenCalls) && is_call(&event) {
            self.next += 1;
            drop(resources);
            return self.next_event();
        }
        if self.state.has(Fault::Reordered) {
            let (before, after) = (self.next.checked_sub(1).and_then(|at| events.get(at)), events.get(self.next + 1));
            if is_call(&event) && after.is_some_and(is_idle) {
                self.next += 1;
                return Ok(after.cloned());
            }
            if is_idle(&event) && before.is_some_and(is_call) && self.sent > 0 {
                self.next += 1;
                return Ok(before.cloned());
            }
        }
        self.next += 1;
        Ok(Some(event))
    }

    fn queue(&mut self, event: &Value) {
        let state = Arc::clone(&self.state);
        let text = sse::format_event(&state, event);
        if state.has(Fault::CutEvents) && self.sent > 0 {
            let half = text.len() / 2;
            self.chunks.extend([Chunk::Bytes(text.slice(..half)), Chunk::Abort]);
            return;
        }
        if state.has(Fault::NoFinalBlankLine) && self.is_first_truncation(event) {
            self.chunks.extend([Chunk::Bytes(text.slice(..text.len() - 1)), Chunk::End]);
            return;
        }
        let prefix = sse::event_prefix(&state);
        if !prefix.is_empty() {
            self.chunks.push_back(Chunk::Bytes(prefix.into()));
        }
        for _ in 0..if state.has(Fault::Duplicates) { 2 } else { 1 } {
            if state.has(Fault::OneByteChunks) {
                self.chunks.extend((0..text.len()).map(|at| Chunk::Bytes(text.slice(at..=at))));
            } else {
                self.chunks.push_back(Chunk::Bytes(text.clone()));
            }
        }
        self.sent += 1;
        state.sent.send_modify(|sent| *sent += 1);
        if state.has(Fault::DoneMarkers) {
            self.chunks.push_back(Chunk::Bytes("data: [DONE]\n\n".into()));
        }
        if state.has(Fault::ShortStreams) {
            self.chunks.push_back(Chunk::End);
        }
        if self.is_cut_now() {
            self.chunks.push_back(Chunk::Abort);
        }
    }

    /// Whether the event has not been sent without its final blank line yet. Records that it is now.
    fn is_first_truncation(&self, event: &Value) -> bool {
        let id = event["id"].as_str().unwrap_or_default();
        let mut resources = self.state.lock();
        let is_first = !resources.truncated_events.iter().any(|other| other == id);
        if is_first {
            resources.truncated_events.push(id.to_owned());
        }
        is_first
    }

    /// Whether the streams are cut now, which happens once.
    fn is_cut_now(&self) -> bool {
        let at = self.state.fault_value(value_of!(CutAt));
        let mut resources = self.state.lock();
        let is_now = !resources.is_cut && at.is_some_and(|at| *self.state.sent.borrow() >= at);
        resources.is_cut |= is_now;
        is_now
    }

    /// Whether this connection sends only a heartbeat.
    fn is_silent(&self) -> bool {
        let silent = self.state.fault_value(value_of!(SilentStreams));
        let mut resources = self.state.lock();
        resources.opened_streams += 1;
        resources.opened_streams <= silent.unwrap_or(0)
    }
}

/// The session was deleted.
struct SessionDeleted;
