//! An agent, as the API returns it.

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp};
use crate::platform::qoder::custom_tools::custom_tool_name;
use crate::platform::qoder::decode::{take_id, take_timestamp};

/// An agent, as the API returns it. Only the id is required; fields without a counterpart here are in `extra`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Agent {
    /// The agent's id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The model: a name, or an object with an `id` and settings.
    pub model: Option<Value>,
    /// The system prompt. Older servers call it `instructions`.
    pub system: Option<String>,
    /// The tools of all types, as JSON.
    pub tools: Vec<Value>,
    /// The version. Each change creates a new one.
    pub version: Option<u64>,
    /// Time of creation.
    pub created_at: Option<Timestamp>,
    /// Time of the last change.
    pub updated_at: Option<Timestamp>,
    /// Time of archiving, if the agent is archived.
    pub archived_at: Option<Timestamp>,
    /// All other fields.
    pub extra: Map<String, Value>,
}

impl Agent {
    /// The name of the model.
    #[must_use]
    pub fn model_id(&self) -> Option<&str> {
        let model = self.model.as_ref()?;
        model.as_str().or_else(|| model.get("id")?.as_str())
    }

    /// The names of the custom tools.
    pub fn custom_tool_names(&self) -> impl Iterator<Item = &str> {
        self.tools.iter().filter_map(custom_tool_name)
    }
}

impl FromJson for Agent {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        Ok(Self {
            id: take_id(&mut fields)?,
            name: fields.lenient("name"),
            description: fields.lenient("description"),
            model: fields.take("model"),
            system: fields.lenient("system").or_else(|| fields.lenient("instructions")),
            tools: fields.lenient("tools").unwrap_or_default(),
            version: fields.lenient("version"),
            created_at: take_timestamp(&mut fields, "created_at"),
            updated_at: take_timestamp(&mut fields, "updated_at"),
            archived_at: take_timestamp(&mut fields, "archived_at"),
            extra: fields.into_remaining(),
        })
    }
}
