//! Reading an object: known fields are taken out of it, and the remaining ones are kept as `extra`.
//!
//! `null` and an absent field are equivalent, because servers send either.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::DecodeError;

/// A type that [`from_json`](crate::from_json) decodes. It is implemented only by types of this crate.
pub trait FromJson: Sized {
    #[doc(hidden)]
    fn from_json(value: Value) -> Result<Self, DecodeError>;
}

/// A tagged union: an object whose field [`TaggedUnion::TAG`] names the variant.
pub(crate) trait TaggedUnion: Sized {
    const TAG: &'static str = "type";

    /// The variant named `tag`, with its fields taken out of `fields`; `None` if the tag is unknown.
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError>;

    /// The variant for an unknown value, which is kept unchanged; `null` if there was none.
    fn unknown(raw: Value) -> Self;
}

/// An object whose fields are taken out one by one.
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

    /// The fields that have not been taken.
    pub(crate) fn into_remaining(self) -> Map<String, Value> {
        self.0
    }

    /// `old` if only the field of that name is present, otherwise `new`.
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

    /// Reads the value at `key` with `read`. If that returns `None`, the value stays where it is.
    pub(crate) fn lenient_with<T>(&mut self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.0.get(key)?;
        let read = read(value);
        if read.is_some() || value.is_null() {
            self.0.remove(key);
        }
        read
    }

    /// Reads the object at `key`. Its remaining fields stay at `key`, and so become part of `extra`.
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

    /// Reads the tagged union at `key`, like [`nested`](Self::nested). An unknown variant or a value of another type is
    /// kept unchanged.
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

    /// As [`tagged`](Self::tagged), with [`TaggedUnion::unknown`] for an absent field.
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

/// Implements `Deserialize` for types that implement [`FromJson`].
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
