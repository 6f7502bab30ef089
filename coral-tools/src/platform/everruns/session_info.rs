//! The state of a session, as the platform returns it.

use std::fmt;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader};

/// A session, as the platform returns it. Only the id is required; fields without a counterpart here are in `extra`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The session's id, an opaque string.
    pub id: String,
    /// The status.
    pub status: SessionStatus,
    /// The organization of the session.
    pub organization_id: Option<String>,
    /// The session's agent, if it has one.
    pub agent_id: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The session's model, unless it is the agent's.
    pub model_id: Option<String>,
    /// The tags.
    pub tags: Vec<String>,
    /// The names of the client-side tools. Empty on servers that do not support such tools.
    pub tools: Vec<String>,
    /// The hints about features of the client.
    pub hints: Map<String, Value>,
    /// Time of creation, in RFC 3339.
    pub created_at: Option<String>,
    /// All other fields.
    pub extra: Map<String, Value>,
}

/// The status of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionStatus {
    /// The session has had no turn.
    Started,
    /// A turn runs.
    Active,
    /// The last turn ended.
    Idle,
    /// A turn waits for the results of client-side tools. Servers spell this status in two ways.
    WaitingForToolResults,
    /// A budget is used up.
    Paused,
    /// A status that this version of the crate does not know.
    Other(String),
}

impl SessionStatus {
    fn parse(status: &str) -> Self {
        match status {
            "started" => Self::Started,
            "active" => Self::Active,
            "idle" => Self::Idle,
            "waitingfortoolresults" | "waiting_for_tool_results" => Self::WaitingForToolResults,
            "paused" => Self::Paused,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for SessionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Started => "started",
            Self::Active => "active",
            Self::Idle => "idle",
            Self::WaitingForToolResults => "waiting for tool results",
            Self::Paused => "paused",
            Self::Other(status) => status,
        })
    }
}

impl FromJson for SessionInfo {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        Ok(Self {
            id: fields.required("id")?,
            status: SessionStatus::parse(&fields.or_default::<String>("status")?),
            organization_id: fields.optional("organization_id")?,
            agent_id: fields.optional("agent_id")?,
            title: fields.optional("title")?,
            model_id: fields.optional("model_id")?,
            tags: fields.or_default("tags")?,
            tools: fields.take("tools").map(tool_names).unwrap_or_default(),
            hints: match fields.take("hints") {
                Some(Value::Object(hints)) => hints,
                _ => Map::new(),
            },
            created_at: fields.optional("created_at")?,
            extra: fields.into_remaining(),
        })
    }
}

fn tool_names(tools: Value) -> Vec<String> {
    let Value::Array(tools) = tools else { return Vec::new() };
    tools.iter().filter_map(|tool| tool.get("name")?.as_str()).map(str::to_owned).collect()
}

/// The result of [`Session::cancel`](super::Session::cancel).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CancelOutcome {
    /// The turn was cancelled.
    Cancelled,
    /// Nothing was cancelled: no turn runs, or the turn waits for tools.
    NotRunning,
}

impl FromJson for CancelOutcome {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let status: String = ObjectReader::new(value)?.required("status")?;
        Ok(if status == "cancelled" { Self::Cancelled } else { Self::NotRunning })
    }
}
