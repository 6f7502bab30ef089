//! Every session, by namespace.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::events::{EVENTS, ManagerEvent};
use super::{Agent, Session};
use crate::coral::common::Common;
use crate::coral::decode::{Annotations, NamespaceProvider, NamespaceRequest};
use crate::coral::graph::PlannedAgent;
use crate::coral::lock::lock;
use crate::coral::refusal::Refusal;

/// More than a test has at once, of namespaces and of sessions in each.
const MOST: usize = 4096;

pub(in crate::coral) struct Namespaces {
    pub(in crate::coral) common: Arc<Common>,
    held: Mutex<Vec<Held>>,
    events: broadcast::Sender<ManagerEvent>,
}

/// A namespace and the sessions in it.
struct Held {
    namespace: Arc<Namespace>,
    sessions: Vec<Arc<Session>>,
}

#[derive(Debug)]
pub(in crate::coral) struct Namespace {
    pub(in crate::coral) name: String,
    pub(in crate::coral) annotations: Annotations,
    pub(super) delete_on_last_session_exit: bool,
    /// Whether somebody deletes it, or tried to: then no session takes it along.
    pub(super) deleted: AtomicBool,
}

impl From<NamespaceRequest> for Namespace {
    fn from(request: NamespaceRequest) -> Self {
        let NamespaceRequest { name, delete_on_last_session_exit, annotations } = request;
        Self { name, annotations, delete_on_last_session_exit, deleted: AtomicBool::new(false) }
    }
}

impl Namespaces {
    pub(in crate::coral) fn new(common: Arc<Common>) -> Self {
        Self { common, held: Mutex::default(), events: broadcast::Sender::new(EVENTS) }
    }

    /// Nobody has to listen.
    pub(super) fn emit(&self, event: ManagerEvent) {
        let _listeners = self.events.send(event);
    }

    pub(in crate::coral) fn follow(&self) -> broadcast::Receiver<ManagerEvent> {
        self.events.subscribe()
    }

    pub(in crate::coral) fn create(&self, request: NamespaceRequest) -> Result<(), Refusal> {
        let mut held = lock(&self.held);
        if held.iter().any(|held| held.namespace.name == request.name) {
            let sentence = format!("A namespace with name \"{}\" already exists", request.name);
            return Err(Refusal::bad_request(sentence));
        }
        self.add(&mut held, request).map(drop)
    }

    fn add(&self, held: &mut Vec<Held>, request: NamespaceRequest) -> Result<Arc<Namespace>, Refusal> {
        if held.len() == MOST {
            return Err(Refusal::unexpected("The stand-in holds all the namespaces that it can"));
        }
        let namespace = Arc::new(Namespace::from(request));
        held.push(Held { namespace: namespace.clone(), sessions: Vec::new() });
        self.emit(ManagerEvent::of_namespace("namespace_created", "initialState", &namespace));
        Ok(namespace)
    }

    /// Creates a session that is not launched yet.
    pub(in crate::coral) fn create_session(
        &self,
        provider: NamespaceProvider,
        agents: Vec<PlannedAgent>,
        annotations: Annotations,
    ) -> Result<Arc<Session>, Refusal> {
        let mut held = lock(&self.held);
        let name = match &provider {
            NamespaceProvider::UseExisting(name) => name,
            NamespaceProvider::CreateIfNotExists(request) => &request.name,
        };
        let found = held.iter().find(|held| held.namespace.name == *name).map(|held| held.namespace.clone());
        let namespace = match (found, provider) {
            (Some(namespace), _) => namespace,
            (None, NamespaceProvider::UseExisting(_)) => return Err(Refusal::not_found("Namespace not found")),
            (None, NamespaceProvider::CreateIfNotExists(request)) => self.add(&mut held, request)?,
        };
        if agents.iter().any(PlannedAgent::is_paid) {
            return Err(Refusal::unexpected("Payment services are disabled"));
        }
        let sessions =
            held.iter_mut().find(|held| held.namespace.name == namespace.name).map(|held| &mut held.sessions);
        let Some(sessions) = sessions.filter(|sessions| sessions.len() < MOST) else {
            return Err(Refusal::unexpected("The stand-in holds all the sessions that it can"));
        };
        let agents = agents.into_iter().map(Agent::new).collect();
        let session = Arc::new(Session::new(self.common.clone(), namespace, agents, annotations));
        sessions.push(session.clone());
        self.emit(ManagerEvent::of_session("session_created", "initialSessionState", &session));
        Ok(session)
    }

    pub(in crate::coral) fn sessions(&self, namespace: &str) -> Result<Vec<Arc<Session>>, Refusal> {
        let held = lock(&self.held);
        let found = held.iter().find(|held| held.namespace.name == namespace).map(|held| held.sessions.clone());
        found.ok_or_else(|| Refusal::not_found(format!("Namespace \"{namespace}\" does not exist")))
    }

    pub(in crate::coral) fn session(&self, namespace: &str, id: &str) -> Result<Arc<Session>, Refusal> {
        let found = self.sessions(namespace)?.into_iter().find(|session| session.id == id);
        found.ok_or_else(|| Refusal::not_found("Session not found"))
    }

    /// As [`Namespaces::session`], in the words that the server has for it where one is executed.
    pub(in crate::coral) fn session_to_execute(&self, namespace: &str, id: &str) -> Result<Arc<Session>, Refusal> {
        if !lock(&self.held).iter().any(|held| held.namespace.name == namespace) {
            return Err(Refusal::not_found(format!("Namespace \"{namespace}\" not found")));
        }
        self.session(namespace, id)
    }

    /// A session of any namespace.
    pub(in crate::coral) fn any_session(&self, id: &str) -> Option<Arc<Session>> {
        let held = lock(&self.held);
        held.iter().flat_map(|held| &held.sessions).find(|session| session.id == id).cloned()
    }

    /// One value for each namespace.
    pub(in crate::coral) fn show(&self, show: impl Fn(&Namespace, &[Arc<Session>]) -> Value) -> Value {
        lock(&self.held).iter().map(|held| show(&held.namespace, &held.sessions)).collect()
    }

    /// Ends every session of a namespace, then the namespace itself.
    pub(in crate::coral) async fn delete(&self, name: &str) -> Result<(), Refusal> {
        let found = lock(&self.held).iter().find(|held| held.namespace.name == name).map(|held| held.namespace.clone());
        let Some(namespace) = found else {
            return Err(Refusal::not_found(format!("Namespace \"{name}\" not found")));
        };
        namespace.deleted.store(true, Ordering::SeqCst);
        for session in self.sessions(name)? {
            session.cancel_and_join().await?;
        }
        self.emit(ManagerEvent::of_namespace("namespace_closed", "finalState", &namespace));
        self.drop_namespace(&namespace);
        Ok(())
    }

    /// Takes a session that has ended out of its namespace, and that away if it was the last one.
    pub(super) fn forget(&self, session: &Session) {
        let mut held = lock(&self.held);
        let Some(at) = held.iter().position(|held| Arc::ptr_eq(&held.namespace, &session.namespace)) else { return };
        held[at].sessions.retain(|other| other.id != session.id);
        if held[at].sessions.is_empty() && session.namespace.delete_on_last_session_exit {
            let Held { namespace, .. } = held.remove(at);
            self.emit(ManagerEvent::of_namespace("namespace_closed", "finalState", &namespace));
        }
    }

    fn drop_namespace(&self, namespace: &Arc<Namespace>) {
        lock(&self.held).retain(|held| !Arc::ptr_eq(&held.namespace, namespace));
    }

    pub(in crate::coral) fn clear(&self) {
        lock(&self.held).clear();
    }
}

impl Namespace {
    /// `SessionNamespaceStateExtended`.
    pub(in crate::coral) fn show(&self, sessions: &[Arc<Session>]) -> Value {
        let sessions: Value = sessions.iter().map(|session| session.show_base()).collect();
        json!({"base": self.show_base(), "sessions": sessions})
    }

    /// How the guide lists a namespace.
    pub(in crate::coral) fn show_listed(&self, sessions: &[Arc<Session>]) -> Value {
        let sessions: Value = sessions.iter().map(|session| session.show_listed()).collect();
        json!({"namespace": self.name, "sessions": sessions})
    }
}
