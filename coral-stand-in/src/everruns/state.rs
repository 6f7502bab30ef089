//! The state of a server: its settings, sessions and records.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::decode::NewSession;
use super::fault::{Fault, Faults};
use super::records::RequestRecord;
use super::script::Step;
use super::session::Session;

pub(super) struct ServerState {
    pub(super) key: String,
    pub(super) faults: Faults,
    /// The interval of heartbeats on idle streams.
    pub(super) heartbeat: Duration,
    heartbeats: AtomicUsize,
    turns: Vec<Vec<Step>>,
    sessions: Mutex<Vec<Session>>,
    requests: Mutex<Vec<RequestRecord>>,
    /// Counts events, requests and heartbeats.
    changes: watch::Sender<u64>,
}

impl ServerState {
    pub(super) fn new(key: String, faults: Faults, heartbeat: Duration, turns: Vec<Vec<Step>>) -> Self {
        let changes = watch::Sender::new(0);
        let (sessions, requests) = (Mutex::default(), Mutex::default());
        Self { key, faults, heartbeat, heartbeats: AtomicUsize::new(0), turns, sessions, requests, changes }
    }

    pub(super) fn create_session<T>(&self, request: NewSession, read: impl FnOnce(&mut Session) -> T) -> T {
        let mut session = Session::new(request, &self.turns, self.faults.clone());
        let value = read(&mut session);
        lock(&self.sessions).push(session);
        value
    }

    /// Calls `act` with the session of this id, if there is one.
    pub(super) fn with_session<T>(&self, id: &str, act: impl FnOnce(&mut Session) -> T) -> Option<T> {
        let mut sessions = lock(&self.sessions);
        let session = sessions.iter_mut().find(|session| session.id == id)?;
        let before = session.events.len();
        let value = act(session);
        if session.events.len() != before {
            self.changes.send_modify(|changes| *changes += 1);
        }
        Some(value)
    }

    pub(super) fn delete_session(&self, id: &str) -> bool {
        let mut sessions = lock(&self.sessions);
        let before = sessions.len();
        sessions.retain(|session| session.id != id);
        self.changes.send_modify(|changes| *changes += 1);
        sessions.len() < before
    }

    /// Returns a value for each session.
    pub(super) fn map_sessions<T>(&self, read: impl FnMut(&Session) -> T) -> Vec<T> {
        lock(&self.sessions).iter().map(read).collect()
    }

    /// Calls `act` with each session.
    pub(super) fn for_each_session(&self, act: impl FnMut(&mut Session)) {
        lock(&self.sessions).iter_mut().for_each(act);
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// The number of events in all sessions.
    pub(super) fn event_count(&self) -> usize {
        self.map_sessions(|session| session.events.len()).into_iter().sum()
    }

    /// Takes a fault of a session that occurs once. Returns whether it occurs now.
    pub(super) fn take_fault(&self, id: &str, fault: Fault) -> bool {
        self.with_session(id, |session| session.faults.take(fault)).unwrap_or_default()
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) fn record(&self, request: RequestRecord) {
        lock(&self.requests).push(request);
        self.changes.send_modify(|changes| *changes += 1);
    }

    pub(super) fn record_heartbeat(&self) {
        self.heartbeats.fetch_add(1, Ordering::Relaxed);
        self.changes.send_modify(|changes| *changes += 1);
    }

    pub(super) fn heartbeat_count(&self) -> usize {
        self.heartbeats.load(Ordering::Relaxed)
    }

    pub(super) fn requests(&self) -> Vec<RequestRecord> {
        lock(&self.requests).clone()
    }
}

/// Ignores poisoning: no change of the state can panic half-way.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
