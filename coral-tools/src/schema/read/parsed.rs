//! [`ParsedValue`]: a JSON value with its keys in order, duplicates included.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::schema::read::budget::Budget;
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

/// The key of numbers in `serde_json` if another crate enables its feature `arbitrary_precision`.
pub(crate) const NUMBER_KEY: &str = "$serde_json::private::Number";

const EXHAUSTED: &str = "too much to check";

impl ParsedNumber {
    pub(crate) fn bound(self) -> Bound {
        match self {
            Self::Unsigned(number) => Bound::Int(number.into()),
            Self::Signed(number) => Bound::Int(number.into()),
            Self::Float(number) => Bound::Float(number),
        }
    }

    /// Parses the digits of a JSON number.
    pub(crate) fn from_digits(digits: &str) -> Option<Self> {
        let unsigned = digits.parse().map(Self::Unsigned);
        let signed = unsigned.or_else(|_| digits.parse().map(Self::Signed)).ok();
        signed.or_else(|| digits.parse().ok().filter(|number: &f64| number.is_finite()).map(Self::Float))
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
    let unsigned = number.as_u64().map(ParsedNumber::Unsigned);
    let whole = unsigned.or_else(|| number.as_i64().map(ParsedNumber::Signed));
    whole.unwrap_or_else(|| ParsedNumber::Float(number.as_f64().unwrap_or(f64::NAN)))
}

/// Parses a value within a budget.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ParsedValueSeed<'b>(pub(crate) &'b Budget);

impl<'de> DeserializeSeed<'de> for ParsedValueSeed<'_> {
    type Value = ParsedValue<'de>;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<ParsedValue<'de>, D::Error> {
        match self.0.take(1) {
            true => inner.deserialize_any(self),
            false => Err(D::Error::custom(EXHAUSTED)),
        }
    }
}

impl<'de> Visitor<'de> for ParsedValueSeed<'_> {
    type Value = ParsedValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Number(ParsedNumber::Signed(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Number(ParsedNumber::Unsigned(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Number(ParsedNumber::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::String(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::String(Cow::Borrowed(value)))
    }

    fn visit_string<E>(self, value: String) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::String(Cow::Owned(value)))
    }

    fn visit_unit<E>(self) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Null)
    }

    fn visit_none<E>(self) -> Result<ParsedValue<'de>, E> {
        Ok(ParsedValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<ParsedValue<'de>, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<ParsedValue<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(ParsedValue::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<ParsedValue<'de>, A::Error> {
        let mut list: Vec<(Cow<'de, str>, ParsedValue<'de>)> = Vec::new();
        let mut next = match entries.next_key_seed(FirstKeySeed)? {
            Some(FirstKey::Number) => return read_digits(&mut entries).map(ParsedValue::Number),
            Some(FirstKey::Member(key)) => Some(key),
            None => None,
        };
        while let Some(key) = next {
            list.push((key, entries.next_value_seed(self)?));
            next = entries.next_key_seed(KeySeed)?;
        }
        Ok(ParsedValue::Object(list))
    }
}

/// The first key of an object. `serde_json` passes on a number as an object with a private key, if another crate enables its
/// feature `arbitrary_precision`.
#[derive(Debug)]
pub(crate) enum FirstKey<'de> {
    Number,
    Member(Cow<'de, str>),
}

/// Reads the value of [`FirstKey::Number`].
pub(crate) fn read_digits<'de, A: MapAccess<'de>>(entries: &mut A) -> Result<ParsedNumber, A::Error> {
    let digits: String = entries.next_value()?;
    ParsedNumber::from_digits(&digits).ok_or_else(|| A::Error::custom("number out of range"))
}

/// Reads the first key as an optional one. Only the private key ignores this hint, so that a key with the same text is not
/// taken for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstKeySeed;

impl<'de> DeserializeSeed<'de> for FirstKeySeed {
    type Value = FirstKey<'de>;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<FirstKey<'de>, D::Error> {
        inner.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for FirstKeySeed {
    type Value = FirstKey<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<FirstKey<'de>, D::Error> {
        KeySeed.deserialize(inner).map(FirstKey::Member)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FirstKey<'de>, E> {
        match text {
            NUMBER_KEY => Ok(FirstKey::Number),
            _ => Err(E::custom("a key")),
        }
    }
}

/// Reads a key, borrowed if it contains no escapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<Cow<'de, str>, D::Error> {
        inner.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_string<E>(self, key: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key))
    }
}
