//! Tolerant reading: what is known is taken out of an object, what is left stays as `extra`.
//!
//! `null` and an absent key are the same, because servers write either for nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::DecodeError;

/// A value that can be read from JSON of any generation. Implemented here alone.
pub trait FromJson: Sized {
    #[doc(hidden)]
    fn from_json(value: Value) -> Result<Self, DecodeError>;
}

/// An enum on the wire: an object whose key [`TaggedUnion::TAG`] says which variant it is.
pub(crate) trait TaggedUnion: Sized {
    const TAG: &'static str = "type";

    /// The variant that `tag` names, with what it needs taken out of `fields`; `None` where the tag is not known.
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError>;

    /// The catch-all: the value as it came, `null` where there was none.
    fn unknown(raw: Value) -> Self;
}

/// An object that is being read.
#[derive(Debug, Default)]
pub(crate) struct ObjectReader(Map<String, Value>);

impl ObjectReader {
    pub(crate) fn new(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            other => Err(DecodeError::expected("an object", &other)),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !value.is_null())
    }

    /// What nobody has taken.
    pub(crate) fn into_remaining(self) -> Map<String, Value> {
        self.0
    }

    /// The key that is here: `new`, or `old` as another generation has it; `new` where neither is.
    pub(crate) fn first_present(&self, new: &'static str, old: &'static str) -> &'static str {
        if !self.has(new) && self.has(old) { old } else { new }
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key).filter(|value| !value.is_null())
    }

    pub(crate) fn optional<T: FromJson>(&mut self, key: &str) -> Result<Option<T>, DecodeError> {
        self.take(key).map(T::from_json).transpose().map_err(|error| error.in_field(key))
    }

    pub(crate) fn or_default<T: FromJson + Default>(&mut self, key: &str) -> Result<T, DecodeError> {
        self.optional(key).map(Option::unwrap_or_default)
    }

    pub(crate) fn required<T: FromJson>(&mut self, key: &str) -> Result<T, DecodeError> {
        self.optional(key)?.ok_or_else(|| DecodeError::new("required field is missing").in_field(key))
    }

    /// The value at `key`, if it has the type `T`; otherwise it stays where it is, and so becomes part of `extra`.
    pub(crate) fn lenient<T: FromJson>(&mut self, key: &str) -> Option<T> {
        self.lenient_with(key, |value| T::from_json(value.clone()).ok())
    }

    /// What `read` makes of the value at `key`; the value stays where it is if that is `None`.
    pub(crate) fn lenient_with<T>(&mut self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.0.get(key)?;
        let read = read(value);
        if read.is_some() || value.is_null() {
            self.0.remove(key);
        }
        read
    }

    /// Reads the object at `key`. What is left of it stays at `key`, and so becomes part of `extra`.
    pub(crate) fn nested<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let read = Self::new(value).and_then(|mut inner| Ok((read(&mut inner)?, inner)));
        let (read, inner) = read.map_err(|error| error.in_field(key))?;
        self.put_back(key, inner);
        Ok(Some(read))
    }

    /// Reads the enum at `key`, like [`ObjectReader::nested`]. One that is not known, or that has another shape, is kept whole.
    pub(crate) fn tagged<T: TaggedUnion>(&mut self, key: &str) -> Result<Option<T>, DecodeError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let Value::Object(fields) = value else { return Ok(Some(T::unknown(value))) };
        let Some(tag) = fields.get(T::TAG).and_then(Value::as_str).map(str::to_owned) else {
            return Ok(Some(T::unknown(Value::Object(fields))));
        };
        let mut fields = Self(fields);
        let Some(variant) = T::from_tag(&tag, &mut fields).map_err(|error| error.in_field(key))? else {
            return Ok(Some(T::unknown(Value::Object(fields.0))));
        };
        fields.0.remove(T::TAG);
        self.put_back(key, fields);
        Ok(Some(variant))
    }

    /// As [`ObjectReader::tagged`]; the catch-all where there is nothing.
    pub(crate) fn tagged_or_other<T: TaggedUnion>(&mut self, key: &str) -> Result<T, DecodeError> {
        self.tagged(key).map(|variant| variant.unwrap_or_else(|| T::unknown(Value::Null)))
    }

    fn put_back(&mut self, key: &str, rest: Self) {
        if !rest.0.is_empty() {
            self.0.insert(key.to_owned(), Value::Object(rest.0));
        }
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(DecodeError::expected("a string", &other)),
        }
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        value.as_bool().ok_or_else(|| DecodeError::expected("a boolean", &value))
    }
}

impl FromJson for u64 {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Number(number) => {
                number.as_u64().ok_or_else(|| DecodeError::new("expected a non-negative integer in range"))
            }
            other => Err(DecodeError::expected("a number", &other)),
        }
    }
}

impl FromJson for Value {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        Ok(value)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Array(items) => {
                let read = |(index, item)| T::from_json(item).map_err(|error| error.in_item(index));
                items.into_iter().enumerate().map(read).collect()
            }
            other => Err(DecodeError::expected("an array", &other)),
        }
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let read = |(key, value): (String, Value)| match T::from_json(value) {
            Ok(value) => Ok((key, value)),
            Err(error) => Err(error.in_field(&key)),
        };
        ObjectReader::new(value)?.into_remaining().into_iter().map(read).collect()
    }
}

/// `Deserialize` for types that are [`FromJson`], so that they fit wherever serde is spoken.
macro_rules! deserialize {
    ($($name:ty),* $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                $crate::json::FromJson::from_json(value).map_err(serde::de::Error::custom)
            }
        }
    )*};
}
pub(crate) use deserialize;
