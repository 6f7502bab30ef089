//! A body that is being written, with everything that is wrong with it.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::build_error::{BuildError, BuildErrors};
use crate::platform::qoder::custom_tools::QoderTools;

/// A body that is being written.
#[derive(Clone)]
pub(crate) struct Written {
    subject: &'static str,
    fields: Map<String, Value>,
    pub(crate) faults: Vec<BuildError>,
}

impl Written {
    pub(crate) fn new(subject: &'static str) -> Self {
        Self { subject, fields: Map::new(), faults: Vec::new() }
    }

    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.fields.insert(key.to_owned(), value.into());
    }

    /// A field that is none of `known`, which have methods.
    pub(crate) fn extra(&mut self, key: &str, value: impl Into<Value>, known: &[&str]) {
        if known.contains(&key) {
            self.fault(format!("`{key}` is no extra field: there is a method for it"));
        }
        self.set(key, value);
    }

    pub(crate) fn fault(&mut self, message: impl Into<String>) {
        self.faults.push(BuildError::new(self.subject, message));
    }

    pub(crate) fn tools(&mut self, tools: Result<QoderTools, BuildErrors>) -> Vec<Value> {
        self.checked(tools).map(QoderTools::into_values).unwrap_or_default()
    }

    /// What there is of it; what is wrong with it is wrong with this.
    pub(crate) fn checked<T>(&mut self, part: Result<T, BuildErrors>) -> Option<T> {
        part.map_err(|errors| self.faults.extend(errors.iter().cloned())).ok()
    }

    pub(crate) fn part(&mut self, key: &str, part: Result<Value, BuildErrors>) {
        if let Some(value) = self.checked(part) {
            self.set(key, value);
        }
    }

    /// A name of 1 to 256 characters.
    pub(crate) fn name(&mut self, name: &str) {
        if name.is_empty() || name.chars().count() > 256 {
            self.fault("its name has 1 to 256 characters");
        }
        self.set("name", name);
    }

    /// Something that the application keeps with it.
    pub(crate) fn metadata(&mut self, key: &str, value: impl Into<Value>) {
        let kept = self.fields.entry("metadata").or_insert_with(|| json!({}));
        if let Some(kept) = kept.as_object_mut() {
            kept.insert(key.to_owned(), value.into());
        }
    }

    pub(crate) fn into_json(mut self) -> Result<Value, BuildErrors> {
        for fault in self.fields.get("metadata").map(metadata_faults).unwrap_or_default() {
            self.fault(fault);
        }
        if self.faults.is_empty() { Ok(Value::Object(self.fields)) } else { Err(BuildErrors::new(self.faults)) }
    }
}

/// What is wrong with metadata, however it was written. What is `null` is not to be kept.
fn metadata_faults(metadata: &Value) -> Vec<String> {
    let Some(pairs) = metadata.as_object() else { return vec!["its metadata is no object".to_owned()] };
    let mut faults = Vec::new();
    let kept = pairs.values().filter(|value| !value.is_null()).count();
    if kept > 16 {
        faults.push(format!("its metadata has {kept} pairs; 16 is the most"));
    }
    for (key, value) in pairs {
        if key.is_empty() || key.chars().count() > 64 {
            faults.push(format!("the key `{key}` of its metadata does not have 1 to 64 characters"));
        }
        match value {
            Value::Null => {}
            Value::String(text) if text.chars().count() <= 512 => {}
            Value::String(_) => faults.push(format!("`{key}` of its metadata has more than 512 characters")),
            _ => faults.push(format!("`{key}` of its metadata is no text")),
        }
    }
    faults
}

/// Names alone: there may be tokens in the values.
impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fields.keys()).finish()
    }
}
