//! Events as server-sent events, with everything that streams do to clients.

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

use super::filter::Filter;
use super::session::id;
use super::shared::Shared;
use super::trap::Trap;

/// The kinds of events that are not kept.
const EPHEMERAL: [&str; 4] =
    ["output.message.delta", "reason.thinking.delta", "tool.output.delta", "voice.audio.delta"];

/// One connection.
pub(super) struct Stream {
    shared: Arc<Shared>,
    session: String,
    filter: Filter,
    /// How many events it has been told, or need not be told.
    place: usize,
    told: usize,
    changes: watch::Receiver<u64>,
    /// Frames that are to be sent.
    frames: VecDeque<Frame>,
    is_mute: bool,
    is_over: bool,
}

enum Frame {
    Whole(String),
    /// As much of it as there is; then the connection is cut.
    Half(String),
}

impl Stream {
    pub(super) fn new(shared: Arc<Shared>, session: String, filter: Filter, place: usize, is_mute: bool) -> Self {
        let changes = shared.changes();
        let connected = Frame::Whole(format!("event: connected\ndata: {}\n\n", json!({"status": "connected"})));
        let says_nothing = is_mute || shared.traps.has(Trap::SaysNoConnected);
        let frames = VecDeque::from_iter((!says_nothing).then_some(connected));
        Self { shared, session, filter, place, told: 0, changes, frames, is_mute, is_over: false }
    }

    pub(super) fn response(self) -> Response {
        let frames = unfold(self, |mut stream| async move { stream.next().await.map(|bytes| (bytes, stream)) });
        ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(frames)).into_response()
    }

    async fn next(&mut self) -> Option<Result<Bytes, io::Error>> {
        loop {
            match self.frames.pop_front() {
                Some(Frame::Whole(text)) => return Some(Ok(text.into())),
                Some(Frame::Half(text)) if !text.is_empty() => {
                    self.frames.push_front(Frame::Half(String::new()));
                    return Some(Ok(text.into()));
                }
                Some(Frame::Half(_)) => return Some(Err(io::ErrorKind::ConnectionAborted.into())),
                None if self.is_over => return None,
                None if self.is_mute => std::future::pending().await,
                None => (),
            }
            self.changes.mark_unchanged();
            self.fill();
            let heartbeat = self.shared.heartbeat;
            if self.frames.is_empty() && !self.is_over && timeout(heartbeat, self.changes.changed()).await.is_err() {
                self.shared.beats();
                return Some(Ok(": heartbeat\n\n".into()));
            }
        }
    }

    /// Frames of what is new.
    fn fill(&mut self) {
        let Some((new, traps)) = self.shared.with(&self.session, |session| {
            let new = session.events.get(self.place..).unwrap_or_default().to_vec();
            (new, session.traps.clone())
        }) else {
            self.is_over = true;
            return;
        };
        self.place += new.len();
        let mut new: Vec<Value> = new.into_iter().filter(|event| self.filter.lets(event)).collect();
        if traps.has(Trap::Disorder) {
            new.reverse();
            new = new.into_iter().flat_map(|event| [event.clone(), event]).collect();
        }
        let most = traps.find(|trap| if let Trap::Cycles(most) = trap { Some(most) } else { None });
        let reason = traps.find(|trap| if let Trap::Disconnects(reason) = trap { Some(reason) } else { None });
        let closes = traps.find(|trap| if let Trap::Closes(most) = trap { Some(most) } else { None });
        for event in new {
            if let Some(sequence) = event["sequence"].as_u64()
                && self.shared.springs_once(&self.session, Trap::CutAt(sequence))
            {
                let text = frame(&event);
                self.frames.push_back(Frame::Half(text.chars().take(text.len() / 2).collect()));
                return;
            }
            if traps.has(Trap::Ephemeral) {
                let ephemeral = EPHEMERAL.iter().map(|kind| ephemeral(kind, &self.session));
                let wanted = ephemeral.filter(|event| self.filter.lets(event));
                self.frames.extend(wanted.map(|event| Frame::Whole(frame(&event))));
            }
            self.frames.push_back(Frame::Whole(frame(&event)));
            self.told += 1;
            if closes.is_some_and(|most| self.told >= most) {
                self.is_over = true;
                return;
            }
            if most.is_some_and(|most| self.told >= most) {
                let data = json!({"reason": reason.unwrap_or("connection_cycle"), "retry_ms": 1});
                self.frames.push_back(Frame::Whole(format!("event: disconnecting\ndata: {data}\n\n")));
                // It is for the client to go.
                self.is_mute = true;
                return;
            }
        }
    }
}

fn ephemeral(kind: &str, session: &str) -> Value {
    json!({
        "id": id("event"),
        "type": kind,
        "ts": "2026-11-21T19:43:30.158Z",
        "session_id": session,
        "context": {},
        "data": {"delta": "…"},
    })
}

/// Only events that are kept have an id that a stream can begin after.
fn frame(event: &Value) -> String {
    let kind = event["type"].as_str().unwrap_or_default();
    let id = event["id"].as_str().filter(|_| event.get("sequence").is_some());
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("event: {kind}\n{id}retry: 100\ndata: {event}\n\n")
}
