//! Sessions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, Timestamp, from_json};
use crate::platform::qoder::agents::Agent;
use crate::platform::qoder::view::{Fields, View};

/// A session, as Qoder has it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionState {
    /// Its id.
    pub id: String,
    /// The agent as it was when the session was made; later changes of the agent do not reach it.
    pub agent: Option<Agent>,
    /// The agent's id.
    pub agent_id: Option<String>,
    /// The environment's id.
    pub environment_id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What it is doing.
    pub status: Option<Status>,
    /// What the application keeps with it.
    pub metadata: BTreeMap<String, String>,
    /// Files, repositories and memories that it has, as they came.
    pub resources: Vec<Value>,
    /// The vaults that it may open.
    pub vault_ids: Vec<String>,
    /// Memories of older servers.
    pub memory_store_ids: Vec<String>,
    /// What it has used.
    pub usage: Option<Usage>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
    /// When it was put away, if it was. The status does not say.
    pub archived_at: Option<Timestamp>,
    /// Everything else, such as `budget` and `stats`.
    pub extra: Map<String, Value>,
}

impl View for SessionState {
    fn of(mut fields: Fields) -> Option<Self> {
        let agent_id = fields.text("agent_id");
        let agent = fields.take("agent", |agent| {
            let mut agent = Fields(agent.as_object()?.clone());
            let is_nameless = agent.0.get("id").is_none_or(Value::is_null);
            if let Some(id) = agent_id.as_deref().filter(|_| is_nameless) {
                agent.0.insert("id".to_owned(), id.into());
            }
            Agent::of(agent)
        });
        Some(Self {
            id: fields.id()?,
            agent_id: agent.as_ref().map(|agent| agent.id.clone()).or(agent_id),
            agent,
            environment_id: fields.text("environment_id"),
            title: fields.text("title"),
            status: fields.text("status").map(Status::of),
            metadata: fields.map("metadata"),
            resources: fields.list("resources"),
            vault_ids: fields.texts("vault_ids"),
            memory_store_ids: fields.texts("memory_store_ids"),
            usage: fields.take("usage", Usage::of),
            created_at: fields.moment("created_at"),
            updated_at: fields.moment("updated_at"),
            archived_at: fields.moment("archived_at"),
            extra: fields.0,
        })
    }
}

impl SessionState {
    /// Reads what Qoder says of a session, wherever it came from.
    ///
    /// # Errors
    ///
    /// Where `json` is no JSON object with an id.
    pub fn from_json(json: &[u8]) -> Result<Self, DecodeError> {
        let fields: BTreeMap<String, Anything> = from_json(json)?;
        let fields = Fields(fields.into_iter().map(|(key, Anything(value))| (key, value)).collect());
        Self::of(fields).ok_or_else(|| DecodeError::new("it has no id"))
    }
}

struct Anything(Value);

impl FromJson for Anything {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        Ok(Self(value))
    }
}

/// What a session is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It waits: for a message, or for the answers to calls.
    Idle,
    /// The agent works. Older servers say `processing`.
    Running,
    /// The agent is moved to another machine, and goes on there.
    Rescheduling,
    /// It is being stopped.
    Canceling,
    /// It was stopped.
    Cancelled,
    /// It is over.
    Terminated,
    /// One that this version does not know.
    Other(String),
}

impl Status {
    fn of(text: String) -> Self {
        match text.as_str() {
            "idle" => Self::Idle,
            "running" | "processing" => Self::Running,
            "rescheduling" => Self::Rescheduling,
            "canceling" => Self::Canceling,
            "cancelled" | "canceled" => Self::Cancelled,
            "terminated" => Self::Terminated,
            _ => Self::Other(text),
        }
    }
}

/// What a session has used.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens that the model has read.
    pub input_tokens: Option<u64>,
    /// Tokens that it has written.
    pub output_tokens: Option<u64>,
    /// Tokens that it has read from its cache.
    pub cache_read_input_tokens: Option<u64>,
    /// Tokens that were cached for five minutes.
    pub cached_for_5_minutes: Option<u64>,
    /// Tokens that were cached for an hour.
    pub cached_for_1_hour: Option<u64>,
    /// Everything else, such as credits.
    pub extra: Map<String, Value>,
}

impl Usage {
    fn of(value: &Value) -> Option<Self> {
        let mut fields = Fields(value.as_object()?.clone());
        let cached = |key: &str| value.get("cache_creation")?.get(key)?.as_u64();
        Some(Self {
            input_tokens: fields.number("input_tokens"),
            output_tokens: fields.number("output_tokens"),
            cache_read_input_tokens: fields.number("cache_read_input_tokens"),
            cached_for_5_minutes: cached("ephemeral_5m_input_tokens"),
            cached_for_1_hour: cached("ephemeral_1h_input_tokens"),
            extra: fields.0,
        })
    }
}
