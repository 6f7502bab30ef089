//! What Qoder says of agents, environments and sessions. Only an id must be there: what is missing or has another shape than
//! it had when this was written is nothing, and stays in `extra` as it came.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::{Answer, ClientError};
use crate::session::state::{StateError, Timestamp, from_json};

/// What can be read from an object of Qoder's.
pub(super) trait View: Sized {
    /// None where it has no id.
    fn of(fields: Fields) -> Option<Self>;
}

pub(super) fn read<T: View>(doing: &'static str, answer: &Answer) -> Result<T, ClientError> {
    view(doing, answer.json().unwrap_or_default())
}

pub(super) fn view<T: View>(doing: &'static str, value: Value) -> Result<T, ClientError> {
    let fields = match value {
        Value::Object(fields) => Fields(fields),
        _ => return Err(ClientError::unreadable(doing, StateError::new("it is no object"))),
    };
    T::of(fields).ok_or_else(|| ClientError::unreadable(doing, StateError::new("it has no id")))
}

/// An object that is being read.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Map<String, Value>);

impl Fields {
    /// What `read` makes of the value at `key`; it stays where it is if that is nothing.
    pub(super) fn take<T>(&mut self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.0.get(key)?;
        let taken = read(value);
        if taken.is_some() || value.is_null() {
            self.0.remove(key);
        }
        taken
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, |value| value.as_str().map(str::to_owned))
    }

    fn id(&mut self) -> Option<String> {
        self.text("id").filter(|id| !id.is_empty())
    }

    fn number(&mut self, key: &str) -> Option<u64> {
        self.take(key, Value::as_u64)
    }

    fn list(&mut self, key: &str) -> Vec<Value> {
        self.take(key, |value| value.as_array().cloned()).unwrap_or_default()
    }

    pub(super) fn texts(&mut self, key: &str) -> Vec<String> {
        let texts = |value: &Value| value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        self.take(key, texts).unwrap_or_default()
    }

    fn map(&mut self, key: &str) -> BTreeMap<String, String> {
        let map = |value: &Value| {
            value.as_object()?.iter().map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
        };
        self.take(key, map).unwrap_or_default()
    }

    fn moment(&mut self, key: &str) -> Option<Timestamp> {
        self.take(key, |value| value.as_str()?.parse().ok())
    }
}

/// An agent, as Qoder has it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Agent {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its model: a name, or an object with an `id` and settings.
    pub model: Option<Value>,
    /// What it is told before everything else.
    pub system: Option<String>,
    /// Its tools, of every kind, as they came.
    pub tools: Vec<Value>,
    /// Its version: every change makes a new one.
    pub version: Option<u64>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
    /// When it was put away, if it was.
    pub archived_at: Option<Timestamp>,
    /// Everything else.
    pub extra: Map<String, Value>,
}

impl Agent {
    /// The name of its model, in whichever way it is given.
    #[must_use]
    pub fn model_id(&self) -> Option<&str> {
        let model = self.model.as_ref()?;
        model.as_str().or_else(|| model.get("id")?.as_str())
    }

    /// The names of its custom tools.
    pub fn custom_tools(&self) -> impl Iterator<Item = &str> {
        let custom = self.tools.iter().filter(|tool| tool.get("type").is_some_and(|kind| kind == "custom"));
        custom.filter_map(|tool| tool.get("name")?.as_str())
    }
}

impl View for Agent {
    fn of(mut fields: Fields) -> Option<Self> {
        Some(Self {
            id: fields.id()?,
            name: fields.text("name"),
            description: fields.text("description"),
            model: fields.take("model", |model| (!model.is_null()).then(|| model.clone())),
            system: fields.text("system").or_else(|| fields.text("instructions")),
            tools: fields.list("tools"),
            version: fields.number("version"),
            created_at: fields.moment("created_at"),
            updated_at: fields.moment("updated_at"),
            archived_at: fields.moment("archived_at"),
            extra: fields.0,
        })
    }
}

/// An environment, as Qoder has it: what agents of a session work in.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Environment {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// How it is set up, as it came.
    pub config: Option<Value>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was put away, if it was.
    pub archived_at: Option<Timestamp>,
    /// Everything else.
    pub extra: Map<String, Value>,
}

impl View for Environment {
    fn of(mut fields: Fields) -> Option<Self> {
        Some(Self {
            id: fields.id()?,
            name: fields.text("name"),
            description: fields.text("description"),
            config: fields.take("config", |config| config.is_object().then(|| config.clone())),
            created_at: fields.moment("created_at"),
            archived_at: fields.moment("archived_at"),
            extra: fields.0,
        })
    }
}

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
    pub fn from_json(json: &[u8]) -> Result<Self, StateError> {
        let fields: BTreeMap<String, Anything> = from_json(json)?;
        let fields = Fields(fields.into_iter().map(|(key, Anything(value))| (key, value)).collect());
        Self::of(fields).ok_or_else(|| StateError::new("it has no id"))
    }
}

struct Anything(Value);

impl crate::session::state::Read for Anything {
    fn read(value: Value) -> Result<Self, StateError> {
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
