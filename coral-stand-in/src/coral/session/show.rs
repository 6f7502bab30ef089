//! Sessions as servers show them.

use serde_json::{Map, Value, json};

use super::agent::{Agent, Connection, Status};
use super::thread::{Message, Thread};
use super::{Namespace, Session, SessionStatus};
use crate::coral::decode::Annotations;
use crate::coral::lock::lock;
use crate::coral::moment::Moment;
use crate::coral::plays::Plays;

impl Session {
    /// `SessionStateBase`.
    pub(in crate::coral) fn show_base(&self) -> Value {
        json!({
            "id": self.id,
            "timestamp": self.created.text(),
            "namespace": self.namespace.name,
            "status": self.show_status(),
            "annotations": annotations(&self.annotations),
        })
    }

    fn show_status(&self) -> Value {
        match *lock(&self.status) {
            SessionStatus::Pending => json!({"type": "pending_execution"}),
            SessionStatus::Executed { at } => json!({"type": "executed", "executionTime": at.text()}),
            SessionStatus::Closing { executed, at } => {
                json!({"type": "closing", "executionTime": executed.text(), "closingTime": at.text()})
            }
        }
    }

    /// `SessionStateExtended`; what Coral Cloud answers, where it is played.
    pub(in crate::coral) fn show(&self) -> Value {
        self.show_for(self.common.plays)
    }

    /// Reports are not in the guide; they are as coral-server has them.
    pub(super) fn show_for_report(&self) -> Value {
        self.show_for(if self.common.plays == Plays::Cloud { Plays::Server1_1 } else { self.common.plays })
    }

    fn show_for(&self, plays: Plays) -> Value {
        let agents: Value = self.agents.iter().map(|agent| agent.show(plays)).collect();
        let threads: Value = lock(&self.threads).iter().map(|thread| thread.show(plays)).collect();
        if plays != Plays::Cloud {
            return json!({"base": self.show_base(), "agents": agents, "threads": threads});
        }
        json!({
            "id": self.id,
            "namespace": self.namespace.name,
            "timestamp": self.created.written_by(plays),
            "closing": self.is_closing(),
            "agents": agents,
            "threads": threads,
        })
    }

    /// How the guide lists a session.
    pub(in crate::coral) fn show_listed(&self) -> Value {
        json!({"sessionId": self.id, "closing": self.is_closing()})
    }

    fn is_closing(&self) -> bool {
        matches!(*lock(&self.status), SessionStatus::Closing { .. })
    }

    /// `SessionAgentUsageReport`, one for each time that an agent ran.
    pub(super) fn show_usage(&self) -> Value {
        let reports = self.agents.iter().flat_map(|agent| {
            let stints = lock(&agent.stints).clone();
            stints.into_iter().map(move |(start, end)| {
                json!({
                    "name": agent.name,
                    "registryIdentifier": agent.entry.id.to_json(Plays::Server1_2),
                    "startTime": start.text(),
                    "endTime": end.text(),
                    "annotations": annotations(&agent.annotations),
                })
            })
        });
        reports.collect()
    }
}

impl Agent {
    fn show(&self, plays: Plays) -> Value {
        let status = *self.status.borrow();
        let id = self.entry.id.to_json(plays);
        if plays == Plays::Cloud {
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
            "status": status.show(plays),
            "description": self.description,
            "links": self.links,
            "annotations": annotations(&self.annotations),
        });
        if plays == Plays::Server1_2 {
            state["tokensByModel"] = json!({});
        }
        state
    }
}

impl Thread {
    pub(super) fn show(&self, plays: Plays) -> Value {
        let messages: Value = self.messages.iter().map(|message| message.show(plays)).collect();
        let mut state = json!({"state": "open"});
        if let Some(closed) = &self.closed {
            state = json!({"state": "closed", "summary": closed.summary});
            if plays != Plays::Cloud {
                state["timestamp"] = closed.at.written_by(plays);
            }
        }
        json!({
            "id": self.id,
            "name": self.name,
            "creatorName": self.creator,
            "participants": self.participants,
            "messages": messages,
            "state": state,
            "timestamp": self.created.written_by(plays),
        })
    }
}

impl Message {
    pub(in crate::coral) fn show(&self, plays: Plays) -> Value {
        json!({
            "id": self.id,
            "threadId": self.thread_id,
            "text": self.text,
            "senderName": self.sender,
            "mentionNames": self.mentions,
            "timestamp": Moment::from(self.sent_at).written_by(plays),
        })
    }
}

impl Status {
    fn is_connected(self) -> bool {
        matches!(self, Self::Running { connection: Connection::Thinking | Connection::WaitingForMessage, .. })
    }

    fn is_waiting(self) -> bool {
        matches!(self, Self::Running { connection: Connection::WaitingForMessage, .. })
    }

    fn show(self, plays: Plays) -> Value {
        let (mut state, since) = match self {
            Self::Waiting => (json!({"type": "waiting"}), None),
            Self::Running { since, connection } => {
                (json!({"type": "running", "connectionStatus": connection.show()}), Some(since))
            }
            Self::Stopped { ran_since } => (json!({"type": "stopped"}), ran_since),
        };
        if let (Plays::Server1_2, Some(since)) = (plays, since) {
            state["startTime"] = since.text().into();
        }
        state
    }
}

impl Connection {
    fn show(self) -> Value {
        let communication = match self {
            Self::NotConnected => return json!({"type": "not_connected"}),
            Self::Thinking => "thinking",
            Self::WaitingForMessage => "waiting_message",
        };
        json!({"type": "connected", "communicationStatus": {"type": communication}})
    }
}

impl Namespace {
    /// `SessionNamespaceStateBase`.
    pub(in crate::coral) fn show_base(&self) -> Value {
        json!({
            "name": self.name,
            "deleteOnLastSessionExit": self.delete_on_last_session_exit,
            "annotations": annotations(&self.annotations),
        })
    }
}

fn annotations(annotations: &Annotations) -> Value {
    let map: Map<String, Value> = annotations.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    map.into()
}
