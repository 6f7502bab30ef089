//! What the platform says of a session.

use std::fmt;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader};

/// A session as the platform tells it. Only the id must be there; what is not known here is in `extra`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionState {
    /// Its id. Nothing is to be read out of it.
    pub id: String,
    /// What it does.
    pub status: Status,
    /// The organization that it belongs to.
    pub organization_id: Option<String>,
    /// Its agent, if it has one.
    pub agent_id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its model, where it is not the agent's.
    pub model_id: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The names of its client-side tools. Servers that know no such tools, and sessions without any, have none.
    pub tools: Vec<String>,
    /// What it was told that its client can do.
    pub hints: Map<String, Value>,
    /// When it was created, as RFC 3339 has it.
    pub created_at: Option<String>,
    /// Everything else.
    pub extra: Map<String, Value>,
}

/// What a session does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It has had no turn yet.
    Started,
    /// A turn runs.
    Active,
    /// The last turn is over.
    Idle,
    /// A turn waits for the answers of tools. Servers spell it in two ways.
    WaitingForToolResults,
    /// A budget is spent.
    Paused,
    /// Something that newer servers say.
    Other(String),
}

impl Status {
    fn of(word: &str) -> Self {
        match word {
            "started" => Self::Started,
            "active" => Self::Active,
            "idle" => Self::Idle,
            "waitingfortoolresults" | "waiting_for_tool_results" => Self::WaitingForToolResults,
            "paused" => Self::Paused,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Started => "started",
            Self::Active => "active",
            Self::Idle => "idle",
            Self::WaitingForToolResults => "waiting for tool results",
            Self::Paused => "paused",
            Self::Other(word) => word,
        })
    }
}

impl FromJson for SessionState {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        Ok(Self {
            id: fields.required("id")?,
            status: Status::of(&fields.or_default::<String>("status")?),
            organization_id: fields.optional("organization_id")?,
            agent_id: fields.optional("agent_id")?,
            title: fields.optional("title")?,
            model_id: fields.optional("model_id")?,
            tags: fields.or_default("tags")?,
            tools: fields.take("tools").map(names).unwrap_or_default(),
            hints: match fields.take("hints") {
                Some(Value::Object(hints)) => hints,
                _ => Map::new(),
            },
            created_at: fields.optional("created_at")?,
            extra: fields.into_remaining(),
        })
    }
}

fn names(tools: Value) -> Vec<String> {
    let Value::Array(tools) = tools else { return Vec::new() };
    tools.iter().filter_map(|tool| tool.get("name")?.as_str()).map(str::to_owned).collect()
}

/// What came of cancelling a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cancelled {
    /// The turn is cancelled.
    Cancelled,
    /// There was nothing to cancel. So says the platform also of a turn that waits for tools.
    Nothing,
}

impl FromJson for Cancelled {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let word: String = ObjectReader::new(value)?.required("status")?;
        Ok(if word == "cancelled" { Self::Cancelled } else { Self::Nothing })
    }
}
