//! All sessions, by namespace.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::broadcast;

use super::events::{EVENT_QUEUE, ManagerEvent};
use super::namespace::Namespace;
use super::script::Scripts;
use super::{Agent, Session};
use crate::coral::context::ServerContext;
use crate::coral::decode::{Annotations, NamespaceProvider, NamespaceRequest};
use crate::coral::graph::PlannedAgent;
use crate::coral::hash_order::sort_by_hash;
use crate::coral::lock::lock;
use crate::coral::rejection::Rejection;

/// The largest number of namespaces, and of sessions in each.
const MAX_ENTRIES: usize = 4096;

pub(in crate::coral) struct Namespaces {
    pub(in crate::coral) context: Arc<ServerContext>,
    pub(super) scripts: Scripts,
    entries: Mutex<Vec<NamespaceEntry>>,
    events: broadcast::Sender<ManagerEvent>,
}

/// A namespace and the sessions in it.
struct NamespaceEntry {
    namespace: Arc<Namespace>,
    sessions: Vec<Arc<Session>>,
}

impl Namespaces {
    pub(in crate::coral) fn new(context: Arc<ServerContext>, scripts: Scripts) -> Self {
        Self { context, scripts, entries: Mutex::default(), events: broadcast::Sender::new(EVENT_QUEUE) }
    }

    /// Sends an event to the subscribers, if there are any.
    pub(super) fn emit(&self, event: ManagerEvent) {
        let _subscribers = self.events.send(event);
    }

    pub(in crate::coral) fn subscribe(&self) -> broadcast::Receiver<ManagerEvent> {
        self.events.subscribe()
    }

    pub(in crate::coral) fn create(&self, request: NamespaceRequest) -> Result<(), Rejection> {
        let mut entries = lock(&self.entries);
        if entries.iter().any(|entry| entry.namespace.name == request.name) {
            let message = format!("A namespace with name \"{}\" already exists", request.name);
            return Err(Rejection::bad_request(message));
        }
        self.add(&mut entries, request).map(drop)
    }

    fn add(&self, entries: &mut Vec<NamespaceEntry>, request: NamespaceRequest) -> Result<Arc<Namespace>, Rejection> {
        if entries.len() == MAX_ENTRIES {
            return Err(Rejection::unexpected("The stand-in holds all the namespaces that it can"));
        }
        let namespace = Arc::new(Namespace::from(request));
        entries.push(NamespaceEntry { namespace: namespace.clone(), sessions: Vec::new() });
        self.emit(ManagerEvent::from_namespace("namespace_created", "initialState", &namespace));
        Ok(namespace)
    }

    /// Creates a session that is not launched yet.
    pub(in crate::coral) fn create_session(
        &self,
        provider: NamespaceProvider,
        agents: Vec<PlannedAgent>,
        annotations: Annotations,
    ) -> Result<Arc<Session>, Rejection> {
        let mut entries = lock(&self.entries);
        let name = match &provider {
            NamespaceProvider::UseExisting(name) => name,
            NamespaceProvider::CreateIfNotExists(request) => &request.name,
        };
        let found = entries.iter().find(|entry| entry.namespace.name == *name).map(|entry| entry.namespace.clone());
        let namespace = match (found, provider) {
            (Some(namespace), _) => namespace,
            (None, NamespaceProvider::UseExisting(_)) => return Err(Rejection::not_found("Namespace not found")),
            (None, NamespaceProvider::CreateIfNotExists(request)) => self.add(&mut entries, request)?,
        };
        if agents.iter().any(PlannedAgent::is_paid) {
            return Err(Rejection::unexpected("Payment services are disabled"));
        }
        let sessions =
            entries.iter_mut().find(|entry| entry.namespace.name == namespace.name).map(|entry| &mut entry.sessions);
        let Some(sessions) = sessions.filter(|sessions| sessions.len() < MAX_ENTRIES) else {
            return Err(Rejection::unexpected("The stand-in holds all the sessions that it can"));
        };
        let agents = agents.into_iter().map(Agent::new).collect();
        let session = Arc::new(Session::new(self.context.clone(), namespace, agents, annotations));
        sessions.push(session.clone());
        self.emit(ManagerEvent::from_session("session_created", "initialSessionState", &session));
        Ok(session)
    }

    pub(in crate::coral) fn sessions(&self, namespace: &str) -> Result<Vec<Arc<Session>>, Rejection> {
        let entries = lock(&self.entries);
        let found = entries.iter().find(|entry| entry.namespace.name == namespace).map(|entry| entry.sessions.clone());
        found.ok_or_else(|| Rejection::not_found(format!("Namespace \"{namespace}\" does not exist")))
    }

    pub(in crate::coral) fn session(&self, namespace: &str, id: &str) -> Result<Arc<Session>, Rejection> {
        let found = self.sessions(namespace)?.into_iter().find(|session| session.id == id);
        found.ok_or_else(|| Rejection::not_found("Session not found"))
    }

    /// Like [`Namespaces::session`], with the message of the server for requests that execute a session.
    pub(in crate::coral) fn session_to_execute(&self, namespace: &str, id: &str) -> Result<Arc<Session>, Rejection> {
        if !lock(&self.entries).iter().any(|entry| entry.namespace.name == namespace) {
            return Err(Rejection::not_found(format!("Namespace \"{namespace}\" not found")));
        }
        self.session(namespace, id)
    }

    /// A session of any namespace.
    pub(in crate::coral) fn any_session(&self, id: &str) -> Option<Arc<Session>> {
        let entries = lock(&self.entries);
        entries.iter().flat_map(|entry| &entry.sessions).find(|session| session.id == id).cloned()
    }

    /// Returns an array with a value for each namespace, in the order of a server.
    pub(in crate::coral) fn map_to_json(&self, to_json: impl Fn(&Namespace, &[Arc<Session>]) -> Value) -> Value {
        let entries = lock(&self.entries);
        let mut entries: Vec<&NamespaceEntry> = entries.iter().collect();
        sort_by_hash(&mut entries, |entry| &entry.namespace.name);
        entries.into_iter().map(|entry| to_json(&entry.namespace, &entry.sessions)).collect()
    }

    /// Ends every session of a namespace, then the namespace itself.
    pub(in crate::coral) async fn delete(&self, name: &str) -> Result<(), Rejection> {
        let found =
            lock(&self.entries).iter().find(|entry| entry.namespace.name == name).map(|entry| entry.namespace.clone());
        let Some(namespace) = found else {
            return Err(Rejection::not_found(format!("Namespace \"{name}\" not found")));
        };
        namespace.deleted.store(true, Ordering::SeqCst);
        for session in self.sessions(name)? {
            session.stop_all_agents().await?;
        }
        self.emit(ManagerEvent::from_namespace("namespace_closed", "finalState", &namespace));
        self.drop_namespace(&namespace);
        Ok(())
    }

    /// Removes a session that has ended, and its namespace if it was the last session there.
    pub(super) fn remove_session(&self, session: &Session) {
        let mut entries = lock(&self.entries);
        let Some(at) = entries.iter().position(|entry| Arc::ptr_eq(&entry.namespace, &session.namespace)) else {
            return;
        };
        entries[at].sessions.retain(|other| other.id != session.id);
        if entries[at].sessions.is_empty() && session.namespace.delete_on_last_session_exit {
            let NamespaceEntry { namespace, .. } = entries.remove(at);
            self.emit(ManagerEvent::from_namespace("namespace_closed", "finalState", &namespace));
        }
    }

    fn drop_namespace(&self, namespace: &Arc<Namespace>) {
        lock(&self.entries).retain(|entry| !Arc::ptr_eq(&entry.namespace, namespace));
    }

    pub(in crate::coral) fn clear(&self) {
        lock(&self.entries).clear();
    }
}
