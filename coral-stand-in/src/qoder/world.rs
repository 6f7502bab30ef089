//! Everything that a stand-in has.

use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use tokio::sync::watch;

use super::fault::Fault;
use super::refusal::Refusal;
use super::script::Step;
use super::seen::Seen;
use super::session::{Ids, Session};
use super::trap::Trap;

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Received {
    /// `POST`
    pub method: String,
    /// The path with its query: `/api/v1/cloud/sessions?limit=100`
    pub path: String,
    /// Headers by their lower-case names, without the token.
    pub headers: BTreeMap<String, String>,
    /// The body, `null` where there is none.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

/// What was answered to a key.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) request: (String, Bytes),
    pub(super) reply: (StatusCode, Bytes),
}

pub(super) struct World {
    pub(super) token: String,
    pub(super) traps: Vec<Trap>,
    pub(super) turns: Vec<Vec<Step>>,
    inner: Mutex<Inner>,
    /// Changes whenever there may be something to tell.
    pub(super) changed: watch::Sender<u64>,
    /// How many events have been told by streams.
    pub(super) told: watch::Sender<usize>,
}

#[derive(Default)]
pub(super) struct Inner {
    made: u64,
    pub(super) agents: BTreeMap<String, Vec<Value>>,
    pub(super) environments: BTreeMap<String, Value>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) kept: HashMap<String, Kept>,
    pub(super) requests: Vec<Received>,
    pub(super) faults: Vec<Fault>,
    /// How many streams have been refused, and how many changes of agents were late.
    pub(super) forgotten: usize,
    pub(super) stale: usize,
    /// How many streams have been opened.
    pub(super) quiet: usize,
    /// What agents have read, in its order.
    pub(super) seen: Vec<Seen>,
    /// Events that have been told without their end.
    pub(super) cut_short: Vec<String>,
    pub(super) is_cut: bool,
    pub(super) is_released: bool,
}

impl World {
    pub(super) fn new(token: String, traps: Vec<Trap>, turns: Vec<Vec<Step>>, faults: Vec<Fault>) -> Self {
        let inner = Mutex::new(Inner { faults, ..Inner::default() });
        Self { token, traps, turns, inner, changed: watch::Sender::new(0), told: watch::Sender::new(0) }
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has(&self, trap: Trap) -> bool {
        self.traps.contains(&trap)
    }

    /// The number of a trap that has one.
    pub(super) fn number(&self, number: impl Fn(&Trap) -> Option<usize>) -> Option<usize> {
        self.traps.iter().find_map(number)
    }

    pub(super) fn change(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }

    pub(super) fn status(&self, usual: u16) -> u16 {
        if self.has(Trap::Only200) { 200 } else { usual }
    }
}

impl Inner {
    pub(super) fn session(&mut self, id: &str) -> Result<&mut Session, Refusal> {
        let session = self.sessions.get_mut(id).filter(|session| !session.is_deleted());
        session.ok_or_else(|| Refusal::not_found("session", id))
    }

    /// Those that are not deleted.
    pub(super) fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values().filter(|session| !session.is_deleted())
    }

    /// Has a session take events, if it takes all of them.
    pub(super) fn take(&mut self, id: &str, events: &[Value], traps: &[Trap]) -> Result<Vec<Value>, Refusal> {
        let (session, mut ids) = self.session_and_ids(id)?;
        let taken = session.take(events, &mut ids, traps)?;
        let seen = mem::take(&mut session.seen);
        self.seen.extend(seen);
        Ok(taken)
    }

    /// A session, and what makes ids for it.
    pub(super) fn session_and_ids(&mut self, id: &str) -> Result<(&mut Session, Counter<'_>), Refusal> {
        let session = self.sessions.get_mut(id).filter(|session| !session.is_deleted());
        let session = session.ok_or_else(|| Refusal::not_found("session", id))?;
        Ok((session, Counter(&mut self.made)))
    }

    pub(super) fn id(&mut self, prefix: &str) -> String {
        Counter(&mut self.made).id(prefix)
    }
}

pub(super) struct Counter<'a>(&'a mut u64);

impl Ids for Counter<'_> {
    fn id(&mut self, prefix: &str) -> String {
        *self.0 += 1;
        format!("{prefix}_{:020}", *self.0)
    }
}
