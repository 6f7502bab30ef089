//! The state of a server: its settings, resources and records.

use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use tokio::sync::watch;

use super::fault::Fault;
use super::records::{RequestRecord, ToolResultRecord};
use super::rejection::Rejection;
use super::request_fault::RequestFault;
use super::script::Step;
use super::session::{IdGenerator, Session};

/// The response to a request with an `Idempotency-Key`.
#[derive(Clone)]
pub(super) struct CachedResponse {
    pub(super) request: (String, Bytes),
    pub(super) response: (StatusCode, Bytes),
}

pub(super) struct ServerState {
    pub(super) key: String,
    pub(super) faults: Vec<Fault>,
    pub(super) turns: Vec<Vec<Step>>,
    resources: Mutex<Resources>,
    /// Changes when streams may have events to send.
    pub(super) changed: watch::Sender<u64>,
    /// The number of events that were sent on all streams.
    pub(super) sent: watch::Sender<usize>,
}

#[derive(Default)]
pub(super) struct Resources {
    id_count: u64,
    pub(super) agents: BTreeMap<String, Vec<Value>>,
    pub(super) environments: BTreeMap<String, Value>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) cached_responses: HashMap<String, CachedResponse>,
    pub(super) requests: Vec<RequestRecord>,
    pub(super) request_faults: Vec<RequestFault>,
    /// The number of requests for streams with a cursor.
    pub(super) resumed_streams: usize,
    /// The number of updates of agents.
    pub(super) agent_updates: usize,
    /// The number of opened streams.
    pub(super) opened_streams: usize,
    /// The results that models have read, in order.
    pub(super) tool_results: Vec<ToolResultRecord>,
    /// The ids of events that were sent without their final blank line.
    pub(super) truncated_events: Vec<String>,
    /// Whether streams were cut, which happens once.
    pub(super) is_cut: bool,
    pub(super) is_released: bool,
}

impl ServerState {
    pub(super) fn new(
        key: String,
        faults: Vec<Fault>,
        turns: Vec<Vec<Step>>,
        request_faults: Vec<RequestFault>,
    ) -> Self {
        let resources = Mutex::new(Resources { request_faults, ..Resources::default() });
        Self { key, faults, turns, resources, changed: watch::Sender::new(0), sent: watch::Sender::new(0) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Resources> {
        self.resources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// The value of the first fault for which `value` returns one.
    pub(super) fn fault_value(&self, value: impl Fn(&Fault) -> Option<usize>) -> Option<usize> {
        self.faults.iter().find_map(value)
    }

    pub(super) fn notify_streams(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }

    /// The status of a success: `usual`, unless it is always 200.
    pub(super) fn success_status(&self, usual: u16) -> u16 {
        if self.has(Fault::Only200) { 200 } else { usual }
    }
}

impl Resources {
    pub(super) fn session(&mut self, id: &str) -> Result<&mut Session, Rejection> {
        let session = self.sessions.get_mut(id).filter(|session| !session.is_deleted());
        session.ok_or_else(|| Rejection::not_found("session", id))
    }

    /// The sessions that are not deleted.
    pub(super) fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values().filter(|session| !session.is_deleted())
    }

    /// Lets a session accept events: all of them, or none.
    pub(super) fn receive_events(
        &mut self,
        id: &str,
        events: &[Value],
        faults: &[Fault],
    ) -> Result<Vec<Value>, Rejection> {
        let (session, mut ids) = self.session_and_ids(id)?;
        let accepted = session.receive_events(events, &mut ids, faults)?;
        let tool_results = mem::take(&mut session.tool_results);
        self.tool_results.extend(tool_results);
        Ok(accepted)
    }

    /// A session, and the generator of its ids.
    pub(super) fn session_and_ids(&mut self, id: &str) -> Result<(&mut Session, IdCounter<'_>), Rejection> {
        let session = self.sessions.get_mut(id).filter(|session| !session.is_deleted());
        let session = session.ok_or_else(|| Rejection::not_found("session", id))?;
        Ok((session, IdCounter(&mut self.id_count)))
    }

    pub(super) fn new_id(&mut self, prefix: &str) -> String {
        IdCounter(&mut self.id_count).new_id(prefix)
    }
}

pub(super) struct IdCounter<'a>(&'a mut u64);

impl IdGenerator for IdCounter<'_> {
    fn new_id(&mut self, prefix: &str) -> String {
        *self.0 += 1;
        format!("{prefix}_{:020}", *self.0)
    }
}
