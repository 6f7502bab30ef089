//! What Qoder says of agents, environments and sessions. Only an id must be there: what is missing or has another shape than
//! it had when this was written is nothing, and stays in `extra` as it came.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::{ClientError, HttpResponse};
use crate::json::{DecodeError, Timestamp};

/// What can be read from an object of Qoder's.
pub(crate) trait View: Sized {
    /// None where it has no id.
    fn of(fields: Fields) -> Option<Self>;
}

pub(crate) fn read<T: View>(operation: &'static str, answer: &HttpResponse) -> Result<T, ClientError> {
    view(operation, answer.json().unwrap_or_default())
}

pub(crate) fn view<T: View>(operation: &'static str, value: Value) -> Result<T, ClientError> {
    let fields = match value {
        Value::Object(fields) => Fields(fields),
        _ => return Err(ClientError::unreadable(operation, DecodeError::new("it is no object"))),
    };
    T::of(fields).ok_or_else(|| ClientError::unreadable(operation, DecodeError::new("it has no id")))
}

/// An object that is being read.
#[derive(Debug, Default)]
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    /// What `read` makes of the value at `key`; it stays where it is if that is nothing.
    pub(crate) fn take<T>(&mut self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.0.get(key)?;
        let taken = read(value);
        if taken.is_some() || value.is_null() {
            self.0.remove(key);
        }
        taken
    }

    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn id(&mut self) -> Option<String> {
        self.text("id").filter(|id| !id.is_empty())
    }

    pub(crate) fn number(&mut self, key: &str) -> Option<u64> {
        self.take(key, Value::as_u64)
    }

    pub(crate) fn list(&mut self, key: &str) -> Vec<Value> {
        self.take(key, |value| value.as_array().cloned()).unwrap_or_default()
    }

    pub(crate) fn texts(&mut self, key: &str) -> Vec<String> {
        let texts = |value: &Value| value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect();
        self.take(key, texts).unwrap_or_default()
    }

    pub(crate) fn map(&mut self, key: &str) -> BTreeMap<String, String> {
        let map = |value: &Value| {
            value.as_object()?.iter().map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
        };
        self.take(key, map).unwrap_or_default()
    }

    pub(crate) fn moment(&mut self, key: &str) -> Option<Timestamp> {
        self.take(key, |value| value.as_str()?.parse().ok())
    }
}
