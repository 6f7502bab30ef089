//! The types of JSON Schema.

use std::fmt::{Display, Formatter, Result};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A type as the keyword `type` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl JsonType {
    /// The type of a value; every number is a `number`.
    pub(crate) fn from_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    /// The type of a value; a number that is written without point and exponent is an `integer`.
    pub(crate) fn narrowest(value: &Value) -> Self {
        match value {
            Value::Number(number) if !number.is_f64() => Self::Integer,
            _ => Self::from_value(value),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// With an article: `an array`, `a string`, `null`.
impl Display for JsonType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let article = match self {
            Self::Null => "",
            Self::Integer | Self::Array | Self::Object => "an ",
            Self::Boolean | Self::Number | Self::String => "a ",
        };
        write!(f, "{article}{}", self.name())
    }
}

impl Serialize for JsonType {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
