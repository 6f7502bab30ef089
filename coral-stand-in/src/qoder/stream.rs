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

use super::frame;
use super::refusal::{Answer, Refusal, json_response};
use super::trap::Trap;
use super::world::World;

pub(super) async fn follow(State(world): State<Arc<World>>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    if world.has(Trap::JsonStreams) {
        return Ok(json_response(200, &serde_json::json!({})));
    }
    let cursor = headers.get("last-event-id").and_then(|cursor| cursor.to_str().ok());
    let next = begin(&world, &id, cursor)?;
    let changed = world.changed.subscribe();
    let mut teller = Teller { world, id, next, changed, parts: VecDeque::new(), told: 0 };
    if teller.says_nothing() {
        teller.parts.extend([Part::Bytes(": heartbeat\n\n".into()), Part::End]);
    }
    let beginning = frame::beginning(&teller.world);
    if !beginning.is_empty() {
        teller.parts.push_front(Part::Bytes(beginning.into()));
    }
    let body = Body::from_stream(unfold(teller, async |mut teller| Some((teller.next().await?, teller))));
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    Ok(response)
}

/// After the cursor; without one, after everything.
fn begin(world: &World, id: &str, cursor: Option<&str>) -> Result<usize, Refusal> {
    let forgotten = world.number(|trap| if let Trap::ForgottenCursors(times) = trap { Some(*times) } else { None });
    let mut inner = world.inner();
    let session = inner.sessions.get(id).ok_or_else(|| Refusal::not_found("session", id))?;
    let (is_deleted, end) = (session.is_deleted(), session.events.len());
    let found = cursor.map(|cursor| session.events.iter().position(|event| event["id"] == cursor));
    let next = match found {
        None => end,
        Some(found) => {
            inner.forgotten += 1;
            let found = found.filter(|_| inner.forgotten > forgotten.unwrap_or(0));
            found.ok_or_else(|| Refusal::field("Last-Event-ID", "unknown"))? + 1
        }
    };
    // Who follows a session hears that it is deleted; after that there is none.
    match is_deleted && next >= end {
        true => Err(Refusal::not_found("session", id)),
        false if world.has(Trap::Replays) => Ok(0),
        false => Ok(next),
    }
}

enum Part {
    Bytes(Bytes),
    Cut,
    End,
}

/// Tells what happens in a session, over one connection.
struct Teller {
    world: Arc<World>,
    id: String,
    /// The event that is told next.
    next: usize,
    changed: watch::Receiver<u64>,
    parts: VecDeque<Part>,
    /// How many events this connection has told.
    told: usize,
}

impl Teller {
    async fn next(&mut self) -> Option<Result<Bytes, io::Error>> {
        loop {
            match self.parts.pop_front() {
                Some(Part::Bytes(bytes)) => return Some(Ok(bytes)),
                Some(Part::Cut) => {
                    // What has been told goes out first.
                    yield_now().await;
                    return Some(Err(io::ErrorKind::ConnectionAborted.into()));
                }
                Some(Part::End) => return None,
                None => {}
            }
            self.changed.mark_unchanged();
            match self.event() {
                Ok(Some(event)) => self.tell(&event),
                Ok(None) if self.changed.changed().await.is_ok() => {}
                Ok(None) | Err(Gone) => return None,
            }
        }
    }

    /// The next event, if there is one that may be told.
    fn event(&mut self) -> Result<Option<Value>, Gone> {
        let hold = self.world.number(|trap| if let Trap::HoldAt(at) = trap { Some(*at) } else { None });
        let inner = self.world.inner();
        let is_held = !inner.is_released && hold.is_some_and(|hold| *self.world.told.borrow() >= hold);
        let session = inner.sessions.get(&self.id).ok_or(Gone)?;
        let events = &session.events;
        if is_held {
            return Ok(None);
        }
        let Some(event) = events.get(self.next).cloned() else {
            return if session.is_deleted() { Err(Gone) } else { Ok(None) };
        };
        let is_call = |event: &Value| event["type"] == "agent.custom_tool_use";
        let is_idle = |event: &Value| event["type"] == "session.status_idle";
        if self.world.has(Trap::HiddenCalls) && is_call(&event) {
            self.next += 1;
            drop(inner);
            return self.event();
        }
        if self.world.has(Trap::Reordered) {
            let (before, after) = (self.next.checked_sub(1).and_then(|at| events.get(at)), events.get(self.next + 1));
            if is_call(&event) && after.is_some_and(is_idle) {
                self.next += 1;
                return Ok(after.cloned());
            }
            if is_idle(&event) && before.is_some_and(is_call) && self.told > 0 {
                self.next += 1;
                return Ok(before.cloned());
            }
        }
        self.next += 1;
        Ok(Some(event))
    }

    fn tell(&mut self, event: &Value) {
        let world = Arc::clone(&self.world);
        let frame = frame::frame(&world, event);
        if world.has(Trap::CutFrames) && self.told > 0 {
            let half = frame.len() / 2;
            self.parts.extend([Part::Bytes(frame.slice(..half)), Part::Cut]);
            return;
        }
        if world.has(Trap::NoFinalBlankLine) && self.cut_short(event) {
            self.parts.extend([Part::Bytes(frame.slice(..frame.len() - 1)), Part::End]);
            return;
        }
        let noise = frame::noise(&world);
        if !noise.is_empty() {
            self.parts.push_back(Part::Bytes(noise.into()));
        }
        for _ in 0..if world.has(Trap::Duplicates) { 2 } else { 1 } {
            if world.has(Trap::OneByteChunks) {
                self.parts.extend((0..frame.len()).map(|at| Part::Bytes(frame.slice(at..=at))));
            } else {
                self.parts.push_back(Part::Bytes(frame.clone()));
            }
        }
        self.told += 1;
        world.told.send_modify(|told| *told += 1);
        if world.has(Trap::DoneMarkers) {
            self.parts.push_back(Part::Bytes("data: [DONE]\n\n".into()));
        }
        if world.has(Trap::ShortStreams) {
            self.parts.push_back(Part::End);
        }
        if self.is_cut_now() {
            self.parts.push_back(Part::Cut);
        }
    }

    /// Whether this is the first time that the event is told without its end.
    fn cut_short(&self, event: &Value) -> bool {
        let id = event["id"].as_str().unwrap_or_default();
        let mut inner = self.world.inner();
        let is_first = !inner.cut_short.iter().any(|other| other == id);
        if is_first {
            inner.cut_short.push(id.to_owned());
        }
        is_first
    }

    fn is_cut_now(&self) -> bool {
        let at = self.world.number(|trap| if let Trap::CutAt(at) = trap { Some(*at) } else { None });
        let mut inner = self.world.inner();
        let is_now = !inner.is_cut && at.is_some_and(|at| *self.world.told.borrow() >= at);
        inner.is_cut |= is_now;
        is_now
    }

    /// Whether this connection says only that it is there.
    fn says_nothing(&self) -> bool {
        let quiet = self.world.number(|trap| if let Trap::QuietStreams(times) = trap { Some(*times) } else { None });
        let mut inner = self.world.inner();
        inner.quiet += 1;
        inner.quiet <= quiet.unwrap_or(0)
    }
}

/// The session is deleted.
struct Gone;
