//! What every part of the stand-in works on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::decode::NewSession;
use super::record::Request;
use super::script::Step;
use super::session::Session;
use super::trap::{Trap, Traps};

pub(super) struct Shared {
    pub(super) token: String,
    pub(super) traps: Traps,
    /// How often a stream gives a sign of life where nothing happens.
    pub(super) heartbeat: Duration,
    heartbeats: AtomicUsize,
    turns: Vec<Vec<Step>>,
    sessions: Mutex<Vec<Session>>,
    requests: Mutex<Vec<Request>>,
    /// Counts what changes: events, requests, heartbeats.
    changes: watch::Sender<u64>,
}

impl Shared {
    pub(super) fn new(token: String, traps: Traps, heartbeat: Duration, turns: Vec<Vec<Step>>) -> Self {
        let changes = watch::Sender::new(0);
        let (sessions, requests) = (Mutex::default(), Mutex::default());
        Self { token, traps, heartbeat, heartbeats: AtomicUsize::new(0), turns, sessions, requests, changes }
    }

    pub(super) fn create<T>(&self, request: NewSession, look: impl FnOnce(&mut Session) -> T) -> T {
        let mut session = Session::new(request, &self.turns, self.traps.clone());
        let looked = look(&mut session);
        lock(&self.sessions).push(session);
        looked
    }

    /// Does something with a session, if there is one of this id.
    pub(super) fn with<T>(&self, id: &str, act: impl FnOnce(&mut Session) -> T) -> Option<T> {
        let mut sessions = lock(&self.sessions);
        let session = sessions.iter_mut().find(|session| session.id == id)?;
        let before = session.events.len();
        let done = act(session);
        if session.events.len() != before {
            self.changes.send_modify(|changes| *changes += 1);
        }
        Some(done)
    }

    pub(super) fn delete(&self, id: &str) -> bool {
        let mut sessions = lock(&self.sessions);
        let before = sessions.len();
        sessions.retain(|session| session.id != id);
        self.changes.send_modify(|changes| *changes += 1);
        sessions.len() < before
    }

    /// Looks at each session.
    pub(super) fn look<T>(&self, look: impl FnMut(&Session) -> T) -> Vec<T> {
        lock(&self.sessions).iter().map(look).collect()
    }

    /// Does something with each session.
    pub(super) fn each(&self, act: impl FnMut(&mut Session)) {
        lock(&self.sessions).iter_mut().for_each(act);
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// How many events there are.
    pub(super) fn count(&self) -> usize {
        self.look(|session| session.events.len()).into_iter().sum()
    }

    pub(super) fn springs_once(&self, id: &str, trap: Trap) -> bool {
        self.with(id, |session| session.traps.springs_once(trap)).unwrap_or_default()
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) fn record(&self, request: Request) {
        lock(&self.requests).push(request);
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// A stream gives a sign of life.
    pub(super) fn beats(&self) {
        self.heartbeats.fetch_add(1, Ordering::Relaxed);
        self.changes.send_modify(|changes| *changes += 1);
    }

    pub(super) fn heartbeats(&self) -> usize {
        self.heartbeats.load(Ordering::Relaxed)
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        lock(&self.requests).clone()
    }
}

/// A panic elsewhere leaves nothing half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
