//! The state of a session, as the API returns it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp};
use crate::platform::qoder::agents::Agent;
use crate::platform::qoder::decode::{take_id, take_timestamp};

/// A session, as the API returns it. Only the id is required; fields without a counterpart here are in `extra`.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::platform::qoder::{SessionInfo, SessionStatus};
///
/// let state: SessionInfo = from_json(br#"{"id": "sess_1", "status": "idle", "budget": null}"#)?;
/// assert_eq!(state.status, Some(SessionStatus::Idle));
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The session's id.
    pub id: String,
    /// The agent as it was when the session was created. Later changes of the agent do not affect the session.
    pub agent: Option<Agent>,
    /// The agent's id.
    pub agent_id: Option<String>,
    /// The environment's id.
    pub environment_id: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The status. An archived session has an [`archived_at`](Self::archived_at), not a status of its own.
    pub status: Option<SessionStatus>,
    /// The metadata.
    pub metadata: BTreeMap<String, String>,
    /// Files, repositories and memory stores, as JSON.
    pub resources: Vec<Value>,
    /// The ids of the vaults that the session can access.
    pub vault_ids: Vec<String>,
    /// The ids of the memory stores. Only older servers return them.
    pub memory_store_ids: Vec<String>,
    /// The usage.
    pub usage: Option<SessionUsage>,
    /// Time of creation.
    pub created_at: Option<Timestamp>,
    /// Time of the last change.
    pub updated_at: Option<Timestamp>,
    /// Time of archiving, if the session is archived.
    pub archived_at: Option<Timestamp>,
    /// All other fields, such as `budget` and `stats`.
    pub extra: Map<String, Value>,
}

impl FromJson for SessionInfo {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        let agent_id: Option<String> = fields.lenient("agent_id");
        let agent = fields.lenient_with("agent", |agent| read_agent(agent, agent_id.as_deref()));
        Ok(Self {
            id: take_id(&mut fields)?,
            agent_id: agent.as_ref().map(|agent| agent.id.clone()).or(agent_id),
            agent,
            environment_id: fields.lenient("environment_id"),
            title: fields.lenient("title"),
            status: fields.lenient("status"),
            metadata: fields.lenient("metadata").unwrap_or_default(),
            resources: fields.lenient("resources").unwrap_or_default(),
            vault_ids: fields.lenient("vault_ids").unwrap_or_default(),
            memory_store_ids: fields.lenient("memory_store_ids").unwrap_or_default(),
            usage: fields.lenient("usage"),
            created_at: take_timestamp(&mut fields, "created_at"),
            updated_at: take_timestamp(&mut fields, "updated_at"),
            archived_at: take_timestamp(&mut fields, "archived_at"),
            extra: fields.into_remaining(),
        })
    }
}

/// Older servers return the agent's id only in the session.
fn read_agent(agent: &Value, agent_id: Option<&str>) -> Option<Agent> {
    let mut fields = agent.as_object()?.clone();
    if let Some(id) = agent_id
        && fields.get("id").is_none_or(Value::is_null)
    {
        fields.insert("id".to_owned(), id.into());
    }
    Agent::from_json(Value::Object(fields)).ok()
}

/// The status of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionStatus {
    /// The session waits for a message or for results of calls.
    Idle,
    /// The agent works. Older servers call this `processing`.
    Running,
    /// The agent moves to another machine and continues there.
    Rescheduling,
    /// The turn is being cancelled.
    Canceling,
    /// The turn was cancelled.
    Cancelled,
    /// The session has ended.
    Terminated,
    /// A status that this version of the crate does not know.
    Other(String),
}

impl FromJson for SessionStatus {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let status = String::from_json(value)?;
        Ok(match status.as_str() {
            "idle" => Self::Idle,
            "running" | "processing" => Self::Running,
            "rescheduling" => Self::Rescheduling,
            "canceling" => Self::Canceling,
            "cancelled" | "canceled" => Self::Cancelled,
            "terminated" => Self::Terminated,
            _ => Self::Other(status),
        })
    }
}

/// The usage of a session, in tokens of the model.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct SessionUsage {
    /// Input tokens.
    pub input_tokens: Option<u64>,
    /// Output tokens.
    pub output_tokens: Option<u64>,
    /// Input tokens that were read from the cache.
    pub cache_read_input_tokens: Option<u64>,
    /// Input tokens that were cached for five minutes.
    pub ephemeral_5m_input_tokens: Option<u64>,
    /// Input tokens that were cached for an hour.
    pub ephemeral_1h_input_tokens: Option<u64>,
    /// All other fields, such as credits.
    pub extra: Map<String, Value>,
}

impl FromJson for SessionUsage {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let cached = |key: &str| value.get("cache_creation")?.get(key)?.as_u64();
        let (for_5_minutes, for_1_hour) = (cached("ephemeral_5m_input_tokens"), cached("ephemeral_1h_input_tokens"));
        let mut fields = ObjectReader::new(value)?;
        Ok(Self {
            input_tokens: fields.lenient("input_tokens"),
            output_tokens: fields.lenient("output_tokens"),
            cache_read_input_tokens: fields.lenient("cache_read_input_tokens"),
            ephemeral_5m_input_tokens: for_5_minutes,
            ephemeral_1h_input_tokens: for_1_hour,
            extra: fields.into_remaining(),
        })
    }
}
