//! A body that is being written, with everything that is wrong with it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use super::tools::QoderTools;
use crate::build_error::{BuildError, BuildErrors};

/// A body that is being written.
#[derive(Clone)]
pub(super) struct Written {
    subject: &'static str,
    fields: Map<String, Value>,
    pub(super) faults: Vec<BuildError>,
}

impl Written {
    pub(super) fn new(subject: &'static str) -> Self {
        Self { subject, fields: Map::new(), faults: Vec::new() }
    }

    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.fields.insert(key.to_owned(), value.into());
    }

    /// A field that is none of `known`, which have methods.
    pub(super) fn extra(&mut self, key: &str, value: impl Into<Value>, known: &[&str]) {
        if known.contains(&key) {
            self.fault(format!("`{key}` is no extra field: there is a method for it"));
        }
        self.set(key, value);
    }

    pub(super) fn fault(&mut self, message: impl Into<String>) {
        self.faults.push(BuildError::new(self.subject, message));
    }

    pub(super) fn tools(&mut self, tools: Result<QoderTools, BuildErrors>) -> Vec<Value> {
        match tools {
            Ok(tools) => tools.into_values(),
            Err(errors) => {
                self.faults.extend(errors.iter().cloned());
                Vec::new()
            }
        }
    }

    pub(super) fn part(&mut self, key: &str, part: Result<Value, BuildErrors>) {
        match part {
            Ok(value) => self.set(key, value),
            Err(errors) => self.faults.extend(errors.iter().cloned()),
        }
    }

    pub(super) fn metadata(&mut self, metadata: &Metadata) {
        if !metadata.0.is_empty() {
            self.set("metadata", json!(metadata.0));
        }
        for fault in metadata.faults() {
            self.fault(fault);
        }
    }

    pub(super) fn into_json(self) -> Result<Value, BuildErrors> {
        if self.faults.is_empty() { Ok(Value::Object(self.fields)) } else { Err(BuildErrors::new(self.faults)) }
    }
}

/// Names alone: there may be tokens in the values.
impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fields.keys()).finish()
    }
}

/// What an application keeps with something of Qoder's.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata(BTreeMap<String, String>);

impl Metadata {
    pub(super) fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.to_owned(), value.to_owned());
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.0.len() > 16 {
            faults.push(format!("its metadata has {} pairs; 16 is the most", self.0.len()));
        }
        for (key, value) in &self.0 {
            if key.is_empty() || key.chars().count() > 64 {
                faults.push(format!("the key `{key}` of its metadata does not have 1 to 64 characters"));
            }
            if value.chars().count() > 512 {
                faults.push(format!("`{key}` of its metadata has more than 512 characters"));
            }
        }
        faults
    }
}
