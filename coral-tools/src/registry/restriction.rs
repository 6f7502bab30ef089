//! Restrictions on where an agent may run.

use serde_json::Value;

use super::source::linked_server;
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion};

/// A restriction on where an agent may run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PlacementRestriction {
    /// Only on the server that receives the request.
    Local,
    /// Only on remote servers.
    Remote,
    /// Only on one linked server.
    Linked {
        /// The name of the linked server, or its id on servers later than 1.2.
        server: Option<String>,
    },
    /// An unknown value, unchanged. It is not checked.
    Other(Value),
}

impl TaggedUnion for PlacementRestriction {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "local" => Self::Local,
            "remote" => Self::Remote,
            "linked" => Self::Linked { server: linked_server(fields)? },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// Reads an item of an array. Unknown fields of a known restriction are dropped.
impl FromJson for PlacementRestriction {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let Some(tag) = value.get(Self::TAG).and_then(Value::as_str).map(str::to_owned) else {
            return Ok(Self::Other(value));
        };
        let known = <Self as TaggedUnion>::from_tag(&tag, &mut ObjectReader::new(value.clone())?)?;
        Ok(known.unwrap_or(Self::Other(value)))
    }
}
