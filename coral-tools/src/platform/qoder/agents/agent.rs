//! Agents.

use serde_json::{Map, Value};

use crate::json::Timestamp;
use crate::platform::qoder::custom_tools::custom_name;
use crate::platform::qoder::view::{Fields, View};

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
        self.tools.iter().filter_map(custom_name)
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
