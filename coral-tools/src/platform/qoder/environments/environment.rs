//! An environment, as the API returns it.

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp};
use crate::platform::qoder::decode::{take_id, take_timestamp};

/// The environment in which the agents of sessions work, as the API returns it. Only the id is required; fields without a
/// counterpart here are in `extra`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Environment {
    /// The environment's id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The settings, as a JSON object.
    pub config: Option<Value>,
    /// Time of creation.
    pub created_at: Option<Timestamp>,
    /// Time of archiving, if the environment is archived.
    pub archived_at: Option<Timestamp>,
    /// All other fields.
    pub extra: Map<String, Value>,
}

impl FromJson for Environment {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        Ok(Self {
            id: take_id(&mut fields)?,
            name: fields.lenient("name"),
            description: fields.lenient("description"),
            config: fields.lenient_with("config", |config| config.is_object().then(|| config.clone())),
            created_at: take_timestamp(&mut fields, "created_at"),
            archived_at: take_timestamp(&mut fields, "archived_at"),
            extra: fields.into_remaining(),
        })
    }
}
