//! Tolerant reading: what is known is taken out of an object, what is left stays as `extra`.
//!
//! `null` and an absent key are the same, because servers write either for nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::StateError;

/// A value that can be read from JSON of any generation. Implemented here alone.
pub trait Read: Sized {
    #[doc(hidden)]
    fn read(value: Value) -> Result<Self, StateError>;
}

/// An enum on the wire: an object whose key [`Tagged::TAG`] says which variant it is.
pub(crate) trait Tagged: Sized {
    const TAG: &'static str = "type";

    /// The variant that `tag` names, with what it needs taken out of `fields`; `None` where the tag is not known.
    fn read(tag: &str, fields: &mut Object) -> Result<Option<Self>, StateError>;

    /// The catch-all: the value as it came, `null` where there was none.
    fn other(raw: Value) -> Self;
}

/// An object that is being read.
#[derive(Debug, Default)]
pub(crate) struct Object(Map<String, Value>);

impl Object {
    pub(crate) fn of(value: Value) -> Result<Self, StateError> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            other => Err(StateError::expected("an object", &other)),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !value.is_null())
    }

    /// What nobody has taken.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.0
    }

    /// The key that is here: `new`, or `old` as another generation has it; `new` where neither is.
    pub(crate) fn key(&self, new: &'static str, old: &'static str) -> &'static str {
        if !self.has(new) && self.has(old) { old } else { new }
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key).filter(|value| !value.is_null())
    }

    pub(crate) fn optional<T: Read>(&mut self, key: &str) -> Result<Option<T>, StateError> {
        self.take(key).map(T::read).transpose().map_err(|error| error.inside(key))
    }

    pub(crate) fn or_default<T: Read + Default>(&mut self, key: &str) -> Result<T, StateError> {
        self.optional(key).map(Option::unwrap_or_default)
    }

    pub(crate) fn required<T: Read>(&mut self, key: &str) -> Result<T, StateError> {
        self.optional(key)?.ok_or_else(|| StateError::new("it is missing").inside(key))
    }

    /// Reads the object at `key`. What is left of it stays at `key`, and so becomes part of `extra`.
    pub(crate) fn nested<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Self) -> Result<T, StateError>,
    ) -> Result<Option<T>, StateError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let read = Self::of(value).and_then(|mut inner| Ok((read(&mut inner)?, inner)));
        let (read, inner) = read.map_err(|error| error.inside(key))?;
        self.put_back(key, inner);
        Ok(Some(read))
    }

    /// Reads the enum at `key`, like [`Object::nested`]. One that is not known, or that has another shape, is kept whole.
    pub(crate) fn tagged<T: Tagged>(&mut self, key: &str) -> Result<Option<T>, StateError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let Value::Object(fields) = value else { return Ok(Some(T::other(value))) };
        let Some(tag) = fields.get(T::TAG).and_then(Value::as_str).map(str::to_owned) else {
            return Ok(Some(T::other(Value::Object(fields))));
        };
        let mut fields = Self(fields);
        let Some(variant) = T::read(&tag, &mut fields).map_err(|error| error.inside(key))? else {
            return Ok(Some(T::other(Value::Object(fields.0))));
        };
        fields.0.remove(T::TAG);
        self.put_back(key, fields);
        Ok(Some(variant))
    }

    /// As [`Object::tagged`]; the catch-all where there is nothing.
    pub(crate) fn tagged_or_other<T: Tagged>(&mut self, key: &str) -> Result<T, StateError> {
        self.tagged(key).map(|variant| variant.unwrap_or_else(|| T::other(Value::Null)))
    }

    fn put_back(&mut self, key: &str, rest: Self) {
        if !rest.0.is_empty() {
            self.0.insert(key.to_owned(), Value::Object(rest.0));
        }
    }
}

impl Read for String {
    fn read(value: Value) -> Result<Self, StateError> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(StateError::expected("a string", &other)),
        }
    }
}

impl Read for bool {
    fn read(value: Value) -> Result<Self, StateError> {
        value.as_bool().ok_or_else(|| StateError::expected("a boolean", &value))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: Value) -> Result<Self, StateError> {
        match value {
            Value::Array(items) => {
                let read = |(index, item)| T::read(item).map_err(|error| error.at(index));
                items.into_iter().enumerate().map(read).collect()
            }
            other => Err(StateError::expected("a list", &other)),
        }
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn read(value: Value) -> Result<Self, StateError> {
        let read = |(key, value): (String, Value)| match T::read(value) {
            Ok(value) => Ok((key, value)),
            Err(error) => Err(error.inside(&key)),
        };
        Object::of(value)?.rest().into_iter().map(read).collect()
    }
}

/// `Deserialize` for types that are [`Read`], so that they fit wherever serde is spoken.
macro_rules! deserialize {
    ($($name:ty),* $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                $crate::session::state::Read::read(value).map_err(serde::de::Error::custom)
            }
        }
    )*};
}
pub(crate) use deserialize;
