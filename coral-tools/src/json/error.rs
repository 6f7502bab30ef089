//! The error of decoding JSON.

use std::fmt;

use serde_json::Value;

/// An error of decoding JSON, with its location. It never contains a value of the document.
///
/// `Debug` prints the same text as `Display`, because a `main` that returns an error prints it with `Debug`.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::SessionState;
///
/// let error = from_json::<SessionState>(br#"{"id": "s1", "agents": [{"name": 7}]}"#).unwrap_err();
/// assert_eq!(error.location(), "agents[0].name");
/// assert_eq!(error.to_string(), "agents[0].name: expected a string, not a number");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    location: String,
    problem: String,
}

impl DecodeError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { location: String::new(), problem: problem.into() }
    }

    pub(crate) fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("expected {what}, not {}", type_name(found)))
    }

    /// The same error, relative to the object whose field `key` has it.
    pub(crate) fn in_field(self, key: &str) -> Self {
        self.below(key)
    }

    /// The same error, relative to the array whose item `index` has it.
    pub(crate) fn in_item(self, index: usize) -> Self {
        self.below(&format!("[{index}]"))
    }

    fn below(self, step: &str) -> Self {
        let dot = if self.location.is_empty() || self.location.starts_with('[') { "" } else { "." };
        Self { location: format!("{step}{dot}{}", self.location), problem: self.problem }
    }

    /// The location of the problem, such as `threads[0].messages[2].timestamp`; empty for the document itself.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The problem, without its location.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.location.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{}", self.location, self.problem)
    }
}

impl std::error::Error for DecodeError {}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
