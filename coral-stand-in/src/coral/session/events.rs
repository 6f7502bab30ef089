//! The events of sessions.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Agent, Namespace, Session};
use crate::coral::response::pretty;
use crate::coral::timestamp::Timestamp;

/// The largest number of events for a slow subscriber; the oldest are dropped.
pub(in crate::coral) const EVENT_QUEUE: usize = 4096;

impl Session {
    /// Sends an event to the subscribers, if there are any.
    pub(in crate::coral) fn emit(&self, event: Value) {
        let _subscribers = self.events.send(pretty(&with_timestamp(event)).into());
    }
}

/// Adds the time after the type, as servers do.
fn with_timestamp(event: Value) -> Value {
    let Value::Object(fields) = event else { return event };
    let mut fields = fields.into_iter();
    let kind = fields.next();
    let timestamp = ("timestamp".to_owned(), Timestamp::now().to_rfc3339().into());
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

/// A filter of a waiting agent for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::coral) enum MessageFilter {
    Mentioning(String),
    From(String),
}

impl MessageFilter {
    pub(in crate::coral) fn matches(&self, message: &super::Message) -> bool {
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

/// The text of the filter in the log of the server.
impl fmt::Display for MessageFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mentioning(name) => write!(f, "mentions: {name}"),
            Self::From(name) => write!(f, "from: {name}"),
        }
    }
}

impl Session {
    pub(in crate::coral) fn emit_wait_start(&self, agent: &Agent, filters: &[MessageFilter]) {
        let filters: Value = filters.iter().map(MessageFilter::to_json).collect();
        self.emit(json!({"type": "agent_wait_start", "name": agent.name, "filters": filters}));
    }

    pub(in crate::coral) fn emit_wait_stop(&self, agent: &Agent, message: &super::Message) {
        let message = message.to_json(self.context.emulated);
        self.emit(json!({"type": "agent_wait_stop", "name": agent.name, "message": message}));
    }
}

/// An event of the session manager. Clients filter by the namespace.
#[derive(Debug, Clone)]
pub(in crate::coral) struct ManagerEvent {
    pub(in crate::coral) namespace: Arc<Namespace>,
    pub(in crate::coral) text: Arc<str>,
}

impl ManagerEvent {
    /// `state` is the key that the session's state has in events of this type.
    pub(super) fn from_session(kind: &str, state: &str, session: &Session) -> Self {
        let namespace = session.namespace.clone();
        let event = json!({"type": kind, state: session.base_json(), "namespaceState": namespace.base_json()});
        Self { namespace, text: pretty(&with_timestamp(event)).into() }
    }

    pub(super) fn from_namespace(kind: &str, state: &str, namespace: &Arc<Namespace>) -> Self {
        let event = json!({"type": kind, state: namespace.base_json()});
        Self { namespace: namespace.clone(), text: pretty(&with_timestamp(event)).into() }
    }
}
