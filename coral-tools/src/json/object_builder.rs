//! Writing an object.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// A JSON object under construction, in insertion order. It never contains `null`: servers reject it for a field that
/// may be absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ObjectBuilder(Map<String, Value>);

impl ObjectBuilder {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn field(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.insert(key, value);
        self
    }

    /// As [`field`](Self::field), in place.
    pub(crate) fn insert(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// Omits the field if `value` is `None`.
    pub(crate) fn optional(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.field(key, value),
            None => self,
        }
    }

    /// Omits the field if the object or array is empty.
    pub(crate) fn non_empty(self, key: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let is_empty = value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty);
        if is_empty { self } else { self.field(key, value) }
    }

    /// An object or array, which is omitted if it is empty, unless `writes_empty`.
    pub(crate) fn collection(self, key: &str, value: impl Into<Value>, writes_empty: bool) -> Self {
        if writes_empty { self.field(key, value) } else { self.non_empty(key, value) }
    }

    /// Omits the field if the array is empty.
    pub(crate) fn non_empty_list<T: Serialize>(self, key: &str, items: &[T]) -> Self {
        if items.is_empty() { self } else { self.field(key, json!(items)) }
    }

    /// Adds fields as they are; one that is there already is replaced.
    pub(crate) fn extend(mut self, fields: &Map<String, Value>) -> Self {
        self.0.extend(fields.clone());
        self
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
