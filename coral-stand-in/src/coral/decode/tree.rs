//! JSON with its numbers as they were written: a server reads `50` and `5e1` as an integer, but not `50.0`.

use serde_json::value::RawValue;

use super::{Decoded, Undecodable};
use crate::coral::decode::members::Members;

/// As deep as a body may nest; each level costs stack.
const DEPTH: usize = 512;

/// A JSON document.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::coral) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Tree>),
    /// Every key once, with the value that came last.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    pub(in crate::coral) fn parse(text: &str) -> Decoded<Self> {
        let document: &RawValue = serde_json::from_str(text).map_err(|error| Undecodable::new(error.to_string()))?;
        Self::of(document, 0)
    }

    fn of(raw: &RawValue, depth: usize) -> Decoded<Self> {
        if depth > DEPTH {
            return Err(Undecodable::new("nested too deeply"));
        }
        let text = raw.get();
        let malformed = |error: serde_json::Error| Undecodable::new(error.to_string());
        Ok(match text.as_bytes().first() {
            Some(b'"') => Self::Text(serde_json::from_str(text).map_err(malformed)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(malformed)?;
                Self::List(items.into_iter().map(|item| Self::of(item, depth + 1)).collect::<Decoded<_>>()?)
            }
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text).map_err(malformed)?;
                let members = members.into_iter().map(|(key, value)| Ok((key, Self::of(value, depth + 1)?)));
                Self::Object(members.collect::<Decoded<_>>()?)
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
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
