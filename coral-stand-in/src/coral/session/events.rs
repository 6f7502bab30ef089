//! What is told of sessions while they live.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Agent, Namespace, Session};
use crate::coral::answer::pretty;
use crate::coral::moment::Moment;

/// How many events wait for a listener that lags; the oldest are dropped.
pub(in crate::coral) const EVENTS: usize = 4096;

impl Session {
    /// Nobody has to listen.
    pub(in crate::coral) fn emit(&self, event: Value) {
        let _listeners = self.events.send(pretty(&stamped(event)).into());
    }
}

/// Servers write the time after the type.
fn stamped(event: Value) -> Value {
    let Value::Object(fields) = event else { return event };
    let mut fields = fields.into_iter();
    let kind = fields.next();
    let timestamp = ("timestamp".to_owned(), Moment::now().text().into());
    kind.into_iter().chain([timestamp]).chain(fields).collect::<serde_json::Map<_, _>>().into()
}

pub(super) fn runtime_started(agent: &Agent) -> Value {
    json!({"type": "runtime_started", "name": agent.name})
}

pub(super) fn runtime_stopped(agent: &Agent) -> Value {
    json!({"type": "runtime_stopped", "name": agent.name})
}

pub(super) fn agent_connected(agent: &Agent) -> Value {
    json!({"type": "agent_connected", "name": agent.name})
}

pub(super) fn thread_created(thread: &Value) -> Value {
    json!({"type": "thread_created", "thread": thread})
}

pub(super) fn thread_closed(thread: &str, summary: &str) -> Value {
    json!({"type": "thread_closed", "threadId": thread, "summary": summary})
}

pub(super) fn message_sent(message: &Value) -> Value {
    json!({"type": "thread_message_sent", "message": message})
}

pub(super) fn participant_added(thread: &str, name: &str) -> Value {
    json!({"type": "thread_participant_added", "threadId": thread, "name": name})
}

pub(super) fn participant_removed(thread: &str, name: &str) -> Value {
    json!({"type": "thread_participant_removed", "threadId": thread, "name": name})
}

/// What a waiting agent wants; every one has to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) enum Wanted {
    Mentioning(String),
    From(String),
}

impl Wanted {
    pub(in crate::coral) fn fits(&self, message: &super::Message) -> bool {
        match self {
            Self::Mentioning(name) => message.mentions.contains(name),
            Self::From(name) => message.sender == *name,
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Mentioning(name) => json!({"type": "mentions", "name": name}),
            Self::From(name) => json!({"type": "from", "name": name}),
        }
    }
}

impl Session {
    pub(in crate::coral) fn emit_wait_start(&self, agent: &Agent, wanted: &[Wanted]) {
        let filters: Value = wanted.iter().map(Wanted::to_json).collect();
        self.emit(json!({"type": "agent_wait_start", "name": agent.name, "filters": filters}));
    }

    pub(in crate::coral) fn emit_wait_stop(&self, agent: &Agent, message: &super::Message) {
        let message = message.show(self.common.plays);
        self.emit(json!({"type": "agent_wait_stop", "name": agent.name, "message": message}));
    }
}

/// What is told of all sessions, with what it is filtered by.
#[derive(Debug, Clone)]
pub(in crate::coral) struct ManagerEvent {
    pub(in crate::coral) namespace: Arc<Namespace>,
    pub(in crate::coral) text: Arc<str>,
}

impl ManagerEvent {
    /// `state` is the key that the session's state has in events of this type.
    pub(super) fn of_session(kind: &str, state: &str, session: &Session) -> Self {
        let namespace = session.namespace.clone();
        let event = json!({"type": kind, state: session.show_base(), "namespaceState": namespace.show_base()});
        Self { namespace, text: pretty(&stamped(event)).into() }
    }

    pub(super) fn of_namespace(kind: &str, state: &str, namespace: &Arc<Namespace>) -> Self {
        let event = json!({"type": kind, state: namespace.show_base()});
        Self { namespace: namespace.clone(), text: pretty(&stamped(event)).into() }
    }
}
