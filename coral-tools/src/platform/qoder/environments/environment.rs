//! Environments.

use serde_json::{Map, Value};

use crate::json::Timestamp;
use crate::platform::qoder::view::{Fields, View};

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
