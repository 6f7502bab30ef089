//! The value or the error in the body of a result.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads the value that a tool returned.
///
/// A tool whose value is not an object returns it as `{"result": …}`. If the body has that form, this is the value of `result`;
/// otherwise it is the whole body.
pub(super) fn value<T: DeserializeOwned>(body: &Value) -> Result<T, ToolResponseError> {
    let inner = body.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("result"));
    let Some(inner) = inner else { return read(body) };
    // A struct whose only field is `result` has the same form.
    read(inner).or_else(|error| read(body).map_err(|_| error))
}

/// The error message for the agent, if `success` is `false` in the body.
pub(super) fn error(body: &Value) -> Option<&str> {
    if body.get("success") != Some(&Value::Bool(false)) {
        return None;
    }
    body.get("error").and_then(Value::as_str)
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, ToolResponseError> {
    T::deserialize(value).map_err(|error| ToolResponseError::Mismatch(error.to_string()))
}

/// The reason why [`ToolResponse::value`](super::ToolResponse::value) or [`AgentView::value`](super::AgentView::value) has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolResponseError {
    /// The call failed, with all known details.
    Failed(String),
    /// The value is of another type, with the error of serde.
    Mismatch(String),
}

impl fmt::Display for ToolResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => write!(f, "the call failed: {failure}"),
            Self::Mismatch(error) => write!(f, "the value is of another type: {error}"),
        }
    }
}

impl std::error::Error for ToolResponseError {}
