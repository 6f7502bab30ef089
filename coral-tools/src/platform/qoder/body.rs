//! Builds the body of a request and collects its problems.

use std::fmt;

use serde_json::{Value, json};

use crate::build_error::{BuildErrors, ProblemCollector};
use crate::json::ObjectBuilder;
use crate::platform::qoder::custom_tools::QoderToolDefinitions;
use crate::toolset::Toolset;

const MAX_NAME_LENGTH: usize = 256;
const MAX_METADATA_PAIRS: usize = 16;
const MAX_METADATA_KEY_LENGTH: usize = 64;
const MAX_METADATA_VALUE_LENGTH: usize = 512;

/// The body of a request under construction, with the problems found so far.
#[derive(Clone)]
pub(crate) struct BodyBuilder {
    /// The object that error messages are about, such as `the session`.
    subject: &'static str,
    fields: ObjectBuilder,
    pub(crate) problems: ProblemCollector,
}

impl BodyBuilder {
    pub(crate) fn new(subject: &'static str) -> Self {
        Self { subject, fields: ObjectBuilder::new(), problems: ProblemCollector::new() }
    }

    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.fields.insert(key, value);
    }

    /// Sets a field that has no method. `known` lists the fields that have one.
    pub(crate) fn extra(&mut self, key: &str, value: impl Into<Value>, known: &[&str]) {
        if known.contains(&key) {
            self.problem(format!("`{key}` cannot be an extra field; use the method for it"));
        }
        self.set(key, value);
    }

    pub(crate) fn problem(&mut self, message: impl Into<String>) {
        self.problems.add(self.subject, message);
    }

    /// Sets a field to `value`, or adds its errors.
    pub(crate) fn part(&mut self, key: &str, value: Result<Value, BuildErrors>) {
        if let Some(value) = self.problems.check(value) {
            self.set(key, value);
        }
    }

    /// Returns the definitions of `tools`, or adds their errors.
    pub(crate) fn tool_definitions<S>(&mut self, tools: &Toolset<S>) -> Vec<Value> {
        self.problems.check(tools.qoder_tools()).map(QoderToolDefinitions::into_values).unwrap_or_default()
    }

    pub(crate) fn name(&mut self, name: &str) {
        if name.is_empty() || name.chars().count() > MAX_NAME_LENGTH {
            self.problem(format!("`name` must have 1 to {MAX_NAME_LENGTH} characters"));
        }
        self.set("name", name);
    }

    /// Adds a pair to `metadata`.
    pub(crate) fn metadata(&mut self, key: &str, value: impl Into<Value>) {
        let mut metadata = self.fields.get("metadata").cloned().unwrap_or_else(|| json!({}));
        if let Some(pairs) = metadata.as_object_mut() {
            pairs.insert(key.to_owned(), value.into());
        }
        self.set("metadata", metadata);
    }

    /// Returns the body if it has no problem.
    pub(crate) fn finish(mut self) -> Result<Value, BuildErrors> {
        for message in self.fields.get("metadata").map(metadata_problems).unwrap_or_default() {
            self.problem(message);
        }
        self.problems.finish(self.fields.into_value())
    }
}

/// Checks metadata. A pair whose value is `null` is one to be removed.
fn metadata_problems(metadata: &Value) -> Vec<String> {
    let Some(pairs) = metadata.as_object() else { return vec!["`metadata` is not an object".to_owned()] };
    let mut problems = Vec::new();
    let count = pairs.values().filter(|value| !value.is_null()).count();
    if count > MAX_METADATA_PAIRS {
        problems.push(format!("`metadata` has {count} pairs; the maximum is {MAX_METADATA_PAIRS}"));
    }
    for (key, value) in pairs {
        if key.is_empty() || key.chars().count() > MAX_METADATA_KEY_LENGTH {
            problems.push(format!("the key `{key}` of `metadata` must have 1 to {MAX_METADATA_KEY_LENGTH} characters"));
        }
        match value {
            Value::Null => {}
            Value::String(text) if text.chars().count() <= MAX_METADATA_VALUE_LENGTH => {}
            Value::String(_) => {
                problems.push(format!("`{key}` of `metadata` has more than {MAX_METADATA_VALUE_LENGTH} characters"));
            }
            _ => problems.push(format!("`{key}` of `metadata` is not a string")),
        }
    }
    problems
}

/// Prints only the names of the fields, because values may contain secrets.
impl fmt::Debug for BodyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fields.keys()).finish()
    }
}
