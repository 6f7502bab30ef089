//! JSON with the text of its numbers: a server accepts `50` and `5e1` as an integer, but not `50.0`.

use serde_json::value::RawValue;

use super::members::Members;
use super::{DecodeError, DecodeResult};

/// Deeper bodies are rejected, because each level uses stack.
const MAX_DEPTH: usize = 512;

/// A JSON document.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coral) enum JsonTree {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<JsonTree>),
    /// Each key occurs once, with its last value.
    Object(Vec<(String, JsonTree)>),
}

impl JsonTree {
    pub(in crate::coral) fn parse(text: &str) -> DecodeResult<Self> {
        let document: &RawValue = serde_json::from_str(text).map_err(|error| DecodeError::new(error.to_string()))?;
        Self::from_raw(document, 0)
    }

    fn from_raw(raw: &RawValue, depth: usize) -> DecodeResult<Self> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::new("nested too deeply"));
        }
        let text = raw.get();
        let malformed = |error: serde_json::Error| DecodeError::new(error.to_string());
        Ok(match text.as_bytes().first() {
            Some(b'"') => Self::String(serde_json::from_str(text).map_err(malformed)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(malformed)?;
                Self::Array(items.into_iter().map(|item| Self::from_raw(item, depth + 1)).collect::<DecodeResult<_>>()?)
            }
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text).map_err(malformed)?;
                let members = members.into_iter().map(|(key, value)| Ok((key, Self::from_raw(value, depth + 1)?)));
                Self::Object(members.collect::<DecodeResult<_>>()?)
            }
            _ => match text {
                "null" => Self::Null,
                "true" => Self::Bool(true),
                "false" => Self::Bool(false),
                number => Self::Number(number.to_owned()),
            },
        })
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
