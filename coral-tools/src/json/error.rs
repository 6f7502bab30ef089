//! Why a document is not the state of anything.

use std::fmt;

use serde_json::Value;

/// Why a document could not be read, and where in it. Values are never repeated: messages are private.
///
/// ```
/// use coral_tools::state::SessionState;
/// use coral_tools::from_json;
///
/// let error = from_json::<SessionState>(br#"{"id": "s1", "agents": [{"name": 7}]}"#).unwrap_err();
/// assert_eq!(error.location(), "agents[0].name");
/// assert_eq!(error.to_string(), "agents[0].name: expected a string, not a number");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    location: String,
    problem: String,
}

impl DecodeError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { location: String::new(), problem: problem.into() }
    }

    pub(crate) fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("expected {what}, not {}", kind(found)))
    }

    /// The same fault, seen from the object whose member `key` has it.
    pub(crate) fn in_field(self, key: &str) -> Self {
        self.below(key)
    }

    /// The same fault, seen from the list whose item `index` has it.
    pub(crate) fn in_item(self, index: usize) -> Self {
        self.below(&format!("[{index}]"))
    }

    fn below(self, step: &str) -> Self {
        let dot = if self.location.is_empty() || self.location.starts_with('[') { "" } else { "." };
        Self { location: format!("{step}{dot}{}", self.location), problem: self.problem }
    }

    /// Where the fault is, such as `threads[0].messages[2].timestamp`; empty for the document itself.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// What is wrong there.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.location.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{}", self.location, self.problem)
    }
}

impl std::error::Error for DecodeError {}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
