//! The agents of a session.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion, Timestamp};
use crate::registry::RegistryAgentId;

/// The state of an agent of a session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AgentState {
    /// Its name, unique in the session.
    pub name: String,
    /// Its type in a registry.
    pub registry_id: Option<RegistryAgentId>,
    /// Its status.
    pub status: AgentStatus,
    /// The description that other agents see.
    pub description: Option<String>,
    /// The names of the agents that share a group with it, in no particular order.
    pub links: Vec<String>,
    /// The annotations of the session request.
    pub annotations: BTreeMap<String, String>,
    /// Fields that this version does not know, unchanged: `tokensByModel` of coral-server 1.2, `runningBudget` and
    /// `budgetSettings` of later ones.
    pub extra: Map<String, Value>,
}

impl AgentState {
    /// Whether it has started and is connected to Coral; before that it cannot answer. The guide's `isConnected`.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.activity().is_some()
    }

    /// Whether it is connected and waits for a message. The guide's `isWaiting`; not the status `waiting` on the wire,
    /// which is [`AgentStatus::NotLaunched`].
    #[must_use]
    pub fn is_waiting_for_message(&self) -> bool {
        self.activity() == Some(&AgentActivity::WaitingForMessage)
    }

    /// Whether it has been started and has not stopped. `false` if the server does not distinguish an agent that has not started from
    /// one that has stopped ([`AgentStatus::NotConnected`]).
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.status, AgentStatus::Running { .. })
    }

    /// Whether it has stopped. `false` for [`AgentStatus::NotConnected`].
    #[must_use]
    pub fn has_stopped(&self) -> bool {
        matches!(self.status, AgentStatus::Stopped { .. })
    }

    /// Its activity; `None` while it is not connected.
    #[must_use]
    pub fn activity(&self) -> Option<&AgentActivity> {
        match &self.status {
            AgentStatus::Running { connection: AgentConnection::Connected(activity), .. } => Some(activity),
            _ => None,
        }
    }

    /// Its remaining budget, in micro-cents (1 USD is 100 000 000). Servers send it after 1.2.
    #[must_use]
    pub fn remaining_budget(&self) -> Option<i64> {
        remaining_budget(&self.extra)
    }
}

pub(super) fn remaining_budget(extra: &Map<String, Value>) -> Option<i64> {
    extra.get("runningBudget")?.get("remaining")?.as_i64()
}

impl FromJson for AgentState {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut agent = ObjectReader::new(value)?;
        Ok(Self {
            name: agent.required("name")?,
            registry_id: RegistryAgentId::read_field(&mut agent, "registryAgentIdentifier")?,
            status: AgentStatus::from_agent(&mut agent)?,
            description: agent.optional("description")?,
            links: agent.or_default("links")?,
            annotations: agent.or_default("annotations")?,
            extra: agent.into_remaining(),
        })
    }
}

/// The status of an agent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AgentStatus {
    /// Not started yet; `waiting` on the wire.
    NotLaunched,
    /// Started, and not stopped.
    Running {
        /// Whether it has connected to Coral.
        connection: AgentConnection,
        /// When it was started. Since coral-server 1.2.
        start_time: Option<Timestamp>,
    },
    /// Stopped.
    Stopped {
        /// When it was started. Since coral-server 1.2.
        start_time: Option<Timestamp>,
    },
    /// Not connected. Older servers do not distinguish an agent that has not started from one that has stopped.
    NotConnected,
    /// An unknown value, unchanged; `null` if the server sends none.
    Other(Value),
}

impl AgentStatus {
    /// Reads `status`, or `isConnected` and `isWaiting` of older servers.
    fn from_agent(agent: &mut ObjectReader) -> Result<Self, DecodeError> {
        if let Some(status) = agent.tagged("status")? {
            return Ok(status);
        }
        let is_waiting = agent.or_default("isWaiting")?;
        let activity = if is_waiting { AgentActivity::WaitingForMessage } else { AgentActivity::Thinking };
        Ok(match agent.optional("isConnected")? {
            Some(true) => Self::Running { connection: AgentConnection::Connected(activity), start_time: None },
            Some(false) => Self::NotConnected,
            None => Self::Other(Value::Null),
        })
    }
}

impl TaggedUnion for AgentStatus {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "waiting" => Self::NotLaunched,
            "running" => Self::Running {
                connection: fields.tagged_or_other("connectionStatus")?,
                start_time: fields.optional("startTime")?,
            },
            "stopped" => Self::Stopped { start_time: fields.optional("startTime")? },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// The connection of a running agent to Coral.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AgentConnection {
    /// Not connected yet, or no longer.
    NotConnected,
    /// Connected.
    Connected(AgentActivity),
    /// An unknown value, unchanged; `null` if the server sends none.
    Other(Value),
}

impl TaggedUnion for AgentConnection {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "not_connected" => Self::NotConnected,
            "connected" => Self::Connected(fields.tagged_or_other("communicationStatus")?),
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// The activity of a connected agent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AgentActivity {
    /// Working: none of the other activities.
    Thinking,
    /// Waiting for a message.
    WaitingForMessage,
    /// Sleeping.
    Sleeping,
    /// An unknown value, unchanged; `null` if the server sends none.
    Other(Value),
}

impl TaggedUnion for AgentActivity {
    fn from_tag(tag: &str, _fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "thinking" => Self::Thinking,
            "waiting_message" => Self::WaitingForMessage,
            "sleeping" => Self::Sleeping,
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}
