//! [`ParsedValue`]: a JSON value with its keys in order, duplicates included.

use std::borrow::Cow;

use serde::de::{Error, Visitor};
use serde_json::Value;

use crate::schema::tree::constraint::Bound;
use crate::schema::tree::json_type::JsonType;

/// A JSON value. Strings are borrowed from the body if they contain no escapes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ParsedValue<'de> {
    Null,
    Bool(bool),
    Number(ParsedNumber),
    String(Cow<'de, str>),
    Array(Vec<Self>),
    Object(Vec<(Cow<'de, str>, Self)>),
}

/// A JSON number, as far as 64 bits represent it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ParsedNumber {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl ParsedNumber {
    pub(crate) fn bound(self) -> Bound {
        match self {
            Self::Unsigned(number) => Bound::Int(number.into()),
            Self::Signed(number) => Bound::Int(number.into()),
            Self::Float(number) => Bound::Float(number),
        }
    }

    /// Returns a number, if 64 bits represent it.
    pub(crate) fn from_bound(number: Bound) -> Option<Self> {
        let whole = match number {
            Bound::Float(float) => return Some(Self::Float(float)),
            Bound::Int(whole) => whole,
        };
        let unsigned = u64::try_from(whole).map(Self::Unsigned);
        unsigned.or_else(|_| i64::try_from(whole).map(Self::Signed)).ok()
    }

    /// Passes the number on.
    #[inline]
    pub(crate) fn visit<'de, V: Visitor<'de>, E: Error>(self, visitor: V) -> Result<V::Value, E> {
        match self {
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
        }
    }

    /// Parses an integer of at most 64 bits.
    pub(crate) fn from_integer(digits: &str) -> Option<Self> {
        let unsigned = digits.parse().map(Self::Unsigned);
        unsigned.or_else(|_| digits.parse().map(Self::Signed)).ok()
    }

    /// Parses a number that is finite.
    pub(crate) fn from_float(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number: &f64| number.is_finite()).map(Self::Float)
    }
}

/// The identity of a value within the arguments.
pub(crate) type ValueAddress = usize;

impl<'de> ParsedValue<'de> {
    pub(crate) fn address(&self) -> ValueAddress {
        std::ptr::from_ref(self).addr()
    }

    /// Returns the members of an object.
    pub(crate) fn as_object(&self) -> Option<&[(Cow<'de, str>, Self)]> {
        match self {
            Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<Bound> {
        match self {
            Self::Number(number) => Some(number.bound()),
            _ => None,
        }
    }

    /// The type of the value; every number is a `number`.
    pub(crate) fn json_type(&self) -> JsonType {
        match self {
            Self::Null => JsonType::Null,
            Self::Bool(_) => JsonType::Boolean,
            Self::Number(_) => JsonType::Number,
            Self::String(_) => JsonType::String,
            Self::Array(_) => JsonType::Array,
            Self::Object(_) => JsonType::Object,
        }
    }

    /// Whether the value is equal to a value of an `enum`, which is a scalar. `1` and `1.0` are equal.
    pub(crate) fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(own), Value::Bool(other)) => own == other,
            (Self::String(own), Value::String(other)) => own == other,
            (Self::Number(own), Value::Number(_)) => {
                let order = Bound::from_json(value).and_then(|other| own.bound().compare(other));
                order.is_some_and(std::cmp::Ordering::is_eq)
            }
            _ => false,
        }
    }

    /// Converts the value for types that read JSON text, such as `RawValue`.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => number.bound().to_json().unwrap_or_default(),
            Self::String(text) => text.as_ref().into(),
            Self::Array(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value.to_json())).collect(),
        }
    }
}

impl<'v> From<&'v Value> for ParsedValue<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number_of(number)),
            Value::String(text) => Self::String(text.into()),
            Value::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Value::Object(map) => Self::Object(map.iter().map(|(key, value)| (key.into(), value.into())).collect()),
        }
    }
}

fn number_of(number: &serde_json::Number) -> ParsedNumber {
    let float = number.as_f64().unwrap_or(f64::NAN);
    if float == 0.0 && float.is_sign_negative() {
        return ParsedNumber::Float(float);
    }
    let unsigned = number.as_u64().map(ParsedNumber::Unsigned);
    let whole = unsigned.or_else(|| number.as_i64().map(ParsedNumber::Signed));
    whole.unwrap_or(ParsedNumber::Float(float))
}
