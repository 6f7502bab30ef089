//! The agents of a session.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion, Timestamp};
use crate::registry::RegistryAgentId;

/// An agent of a session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AgentState {
    /// Its name in the session, which no other agent there has.
    pub name: String,
    /// The registry's entry that it is an instance of.
    pub registry_id: Option<RegistryAgentId>,
    /// What it is doing.
    pub status: AgentStatus,
    /// What other agents are told of it.
    pub description: Option<String>,
    /// The names of the agents that share a group with it, in no particular order.
    pub links: Vec<String>,
    /// What the session request said of it for the application's own use.
    pub annotations: BTreeMap<String, String>,
    /// Every key that this version does not know, as it came: `tokensByModel` of coral-server 1.2, `runningBudget` and
    /// `budgetSettings` of later ones.
    pub extra: Map<String, Value>,
}

impl AgentState {
    /// Whether it has been launched and has connected to Coral; before that it answers nobody. The guide's `isConnected`.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.activity().is_some()
    }

    /// Whether it is connected and waits for a message. The guide's `isWaiting`; not the wire's status `waiting`, which
    /// is [`AgentStatus::NotLaunched`].
    #[must_use]
    pub fn is_waiting_for_message(&self) -> bool {
        self.activity() == Some(&AgentActivity::WaitingForMessage)
    }

    /// What it does while it is connected; `None` while it is not.
    #[must_use]
    pub fn activity(&self) -> Option<&AgentActivity> {
        match &self.status {
            AgentStatus::Running { connection: AgentConnection::Connected(activity), .. } => Some(activity),
            _ => None,
        }
    }

    /// What is left of its budget, in micro-cents (1 USD is 100 000 000), where the server is later than 1.2 and says so.
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
            registry_id: RegistryAgentId::of(&mut agent, "registryAgentIdentifier")?,
            status: AgentStatus::of(&mut agent)?,
            description: agent.optional("description")?,
            links: agent.or_default("links")?,
            annotations: agent.or_default("annotations")?,
            extra: agent.into_remaining(),
        })
    }
}

/// What an agent is doing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AgentStatus {
    /// Not launched yet; `waiting` on the wire.
    NotLaunched,
    /// Launched, and not stopped.
    Running {
        /// Whether it has connected to Coral.
        connection: AgentConnection,
        /// When it was launched. coral-server says so since 1.2.
        start_time: Option<Timestamp>,
    },
    /// It has stopped.
    Stopped {
        /// When it was launched. coral-server says so since 1.2.
        start_time: Option<Timestamp>,
    },
    /// Not connected. Older servers do not say whether it has been launched or has stopped.
    NotConnected,
    /// One that this version does not know, as it came; `null` where the server says nothing.
    Other(Value),
}

impl AgentStatus {
    /// From `status`, or from `isConnected` and `isWaiting` of older servers.
    fn of(agent: &mut ObjectReader) -> Result<Self, DecodeError> {
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

/// Whether a running agent has connected to Coral.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AgentConnection {
    /// Not yet, or no longer.
    NotConnected,
    /// It has, and does this.
    Connected(AgentActivity),
    /// One that this version does not know, as it came; `null` where the server says nothing.
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

/// What a connected agent does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AgentActivity {
    /// None of the others, and so at work.
    Thinking,
    /// It waits for a message.
    WaitingForMessage,
    /// It sleeps.
    Sleeping,
    /// One that this version does not know, as it came; `null` where the server says nothing.
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
