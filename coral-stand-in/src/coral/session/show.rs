//! The JSON of sessions and namespaces.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::agent::{Agent, AgentStatus, ConnectionStatus};
use super::thread::{Message, Thread};
use super::{Namespace, Session, SessionStatus};
use crate::coral::decode::Annotations;
use crate::coral::emulated_version::EmulatedVersion;
use crate::coral::hash_order::sort_by_hash;
use crate::coral::lock::lock;
use crate::coral::timestamp::Timestamp;

impl Session {
    /// `SessionStateBase`.
    pub(in crate::coral) fn base_json(&self) -> Value {
        json!({
            "id": self.id,
            "timestamp": self.created.to_rfc3339(),
            "namespace": self.namespace.name,
            "status": self.status_json(),
            "annotations": annotations_json(&self.annotations),
        })
    }

    fn status_json(&self) -> Value {
        match *lock(&self.status) {
            SessionStatus::Pending => json!({"type": "pending_execution"}),
            SessionStatus::Executed { at } => json!({"type": "executed", "executionTime": at.to_rfc3339()}),
            SessionStatus::Closing { executed, at } => {
                json!({"type": "closing", "executionTime": executed.to_rfc3339(), "closingTime": at.to_rfc3339()})
            }
        }
    }

    /// `SessionStateExtended`, or the flat state of Coral Cloud.
    pub(in crate::coral) fn extended_json(&self) -> Value {
        self.state_json(self.context.emulated)
    }

    /// The state in a report. The API guide of Coral Cloud has no reports; they have the form of coral-server 1.1.
    pub(super) fn report_state_json(&self) -> Value {
        self.state_json(if self.context.emulated == EmulatedVersion::Cloud {
            EmulatedVersion::Server1_1
        } else {
            self.context.emulated
        })
    }

    fn state_json(&self, emulated: EmulatedVersion) -> Value {
        let agents: Value = self.agents.iter().map(|agent| agent.to_json(emulated)).collect();
        let threads = self.threads_json(emulated);
        if emulated != EmulatedVersion::Cloud {
            return json!({"base": self.base_json(), "agents": agents, "threads": threads});
        }
        json!({
            "id": self.id,
            "namespace": self.namespace.name,
            "timestamp": self.created.to_json(emulated),
            "closing": self.is_closing(),
            "agents": agents,
            "threads": threads,
        })
    }

    fn threads_json(&self, emulated: EmulatedVersion) -> Value {
        let threads = lock(&self.threads);
        let mut threads: Vec<&Thread> = threads.iter().collect();
        sort_by_hash(&mut threads, |thread| &thread.id);
        threads.into_iter().map(|thread| thread.to_json(emulated)).collect()
    }

    /// A session in a list of Coral Cloud.
    pub(in crate::coral) fn list_item_json(&self) -> Value {
        json!({"sessionId": self.id, "closing": self.is_closing()})
    }

    fn is_closing(&self) -> bool {
        matches!(*lock(&self.status), SessionStatus::Closing { .. })
    }

    /// A `SessionAgentUsageReport` for each run of an agent.
    pub(super) fn usage_json(&self) -> Value {
        let reports = self.agents.iter().flat_map(|agent| {
            let runs = lock(&agent.runs).clone();
            runs.into_iter().map(move |(start, end)| {
                json!({
                    "name": agent.name,
                    "registryIdentifier": agent.agent_type.id.to_json(EmulatedVersion::Server1_2),
                    "startTime": start.to_rfc3339(),
                    "endTime": end.to_rfc3339(),
                    "annotations": annotations_json(&agent.annotations),
                })
            })
        });
        reports.collect()
    }
}

impl Agent {
    fn to_json(&self, emulated: EmulatedVersion) -> Value {
        let status = *self.status.borrow();
        let id = self.agent_type.id.to_json(emulated);
        if emulated == EmulatedVersion::Cloud {
            return json!({
                "name": self.name,
                "registryAgentIdentifier": id,
                "isConnected": status.is_connected(),
                "isWaiting": status.is_waiting(),
                "description": self.description,
                "links": self.links,
            });
        }
        let mut state = json!({
            "name": self.name,
            "registryAgentIdentifier": id,
            "status": status.to_json(emulated),
            "description": self.description,
            "links": self.links,
            "annotations": annotations_json(&self.annotations),
        });
        if emulated == EmulatedVersion::Server1_2 {
            state["tokensByModel"] = json!({});
        }
        state
    }
}

impl Thread {
    pub(super) fn to_json(&self, emulated: EmulatedVersion) -> Value {
        let messages: Value = self.messages.iter().map(|message| message.to_json(emulated)).collect();
        let mut state = json!({"state": "open"});
        if let Some(closed) = &self.closed {
            state = json!({"state": "closed", "summary": closed.summary});
            if emulated != EmulatedVersion::Cloud {
                state["timestamp"] = closed.at.to_json(emulated);
            }
        }
        json!({
            "id": self.id,
            "name": self.name,
            "creatorName": self.creator,
            "participants": self.participants,
            "messages": messages,
            "state": state,
            "timestamp": self.created.to_json(emulated),
        })
    }
}

impl Message {
    pub(in crate::coral) fn to_json(&self, emulated: EmulatedVersion) -> Value {
        json!({
            "id": self.id,
            "threadId": self.thread_id,
            "text": self.text,
            "senderName": self.sender,
            "mentionNames": self.mentions,
            "timestamp": Timestamp::from(self.sent_at).to_json(emulated),
        })
    }
}

impl AgentStatus {
    fn is_connected(self) -> bool {
        matches!(
            self,
            Self::Running { connection: ConnectionStatus::Thinking | ConnectionStatus::WaitingForMessage, .. }
        )
    }

    fn is_waiting(self) -> bool {
        matches!(self, Self::Running { connection: ConnectionStatus::WaitingForMessage, .. })
    }

    fn to_json(self, emulated: EmulatedVersion) -> Value {
        let (mut state, since) = match self {
            Self::Waiting => (json!({"type": "waiting"}), None),
            Self::Running { since, connection } => {
                (json!({"type": "running", "connectionStatus": connection.to_json()}), Some(since))
            }
            Self::Stopped { ran_since } => (json!({"type": "stopped"}), ran_since),
        };
        if let (EmulatedVersion::Server1_2, Some(since)) = (emulated, since) {
            state["startTime"] = since.to_rfc3339().into();
        }
        state
    }
}

impl ConnectionStatus {
    fn to_json(self) -> Value {
        let communication = match self {
            Self::NotConnected => return json!({"type": "not_connected"}),
            Self::Thinking => "thinking",
            Self::WaitingForMessage => "waiting_message",
        };
        json!({"type": "connected", "communicationStatus": {"type": communication}})
    }
}

impl Namespace {
    /// `SessionNamespaceStateExtended`.
    pub(in crate::coral) fn extended_json(&self, sessions: &[Arc<Session>]) -> Value {
        let sessions: Value = sessions.iter().map(|session| session.base_json()).collect();
        json!({"base": self.base_json(), "sessions": sessions})
    }

    /// A namespace in a list of Coral Cloud.
    pub(in crate::coral) fn list_item_json(&self, sessions: &[Arc<Session>]) -> Value {
        let sessions: Value = sessions.iter().map(|session| session.list_item_json()).collect();
        json!({"namespace": self.name, "sessions": sessions})
    }

    /// `SessionNamespaceStateBase`.
    pub(in crate::coral) fn base_json(&self) -> Value {
        json!({
            "name": self.name,
            "deleteOnLastSessionExit": self.delete_on_last_session_exit,
            "annotations": annotations_json(&self.annotations),
        })
    }
}

fn annotations_json(annotations: &Annotations) -> Value {
    let map: Map<String, Value> = annotations.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    map.into()
}
