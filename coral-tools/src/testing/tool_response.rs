//! The response to a call through a [`Harness`](super::Harness).

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::agent_view::AgentView;
use super::raw_response::RawResponse;

/// The response to a call through a [`Harness`](super::Harness).
///
/// ```
/// # use coral_tools::{Toolset, testing::Harness};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let tools: Toolset = Toolset::builder().build().unwrap();
/// let response = Harness::new(&tools, ()).call(("unknown_tool", ())).await;
/// assert_eq!(response.status(), Some(404));
/// assert_eq!(response.agent_view().text, "Error code 404 returned");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ToolResponse {
    text: String,
    json: Value,
    view: AgentView,
}

impl ToolResponse {
    /// `outcome` is the response, or the reason for its absence.
    pub(super) fn from_outcome(outcome: &Result<RawResponse, String>) -> Self {
        let text = outcome.as_ref().map(RawResponse::lossy_text).unwrap_or_default();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { text, json, view: AgentView::from_outcome(outcome) }
    }

    /// The HTTP status; `None` if there was no response, for example because of a timeout.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.view.status()
    }

    /// The body, for every status.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The body as JSON; `null` if it is not JSON.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The value that the tool returned.
    ///
    /// A tool whose value is not an object returns it as `{"result": …}`. If the body has that form, this is the value of
    /// `result`; otherwise it is the whole body.
    ///
    /// # Errors
    ///
    /// Returns an error if the call failed, or if the value is not a `T`.
    pub fn value<T: DeserializeOwned>(&self) -> Result<T, ToolResponseError> {
        if !self.is_success() {
            return Err(ToolResponseError::Failed(self.failure()));
        }
        let inner = self.json.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("result"));
        let Some(inner) = inner else { return read(&self.json) };
        // A struct whose only field is `result` has the same form.
        read(inner).or_else(|error| read(&self.json).map_err(|_| error))
    }

    /// Whether the tool returned a value: the status is 200, without an [`error`](Self::error).
    #[must_use]
    pub fn is_success(&self) -> bool {
        !self.view.is_error && self.error().is_none()
    }

    /// The error message for the agent, if `success` is `false` in the body.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        if self.json.get("success") != Some(&Value::Bool(false)) {
            return None;
        }
        self.json.get("error").and_then(Value::as_str)
    }

    /// The result as the agent sees it.
    #[must_use]
    pub fn agent_view(&self) -> &AgentView {
        &self.view
    }

    /// All known details of a failed call.
    fn failure(&self) -> String {
        let view = [Some(self.view.text.as_str()), self.view.cause()];
        let body = Some(self.text.as_str()).filter(|text| !text.is_empty() && *text != self.view.text);
        let parts: Vec<&str> = view.into_iter().chain([body]).flatten().collect();
        parts.join(": ")
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, ToolResponseError> {
    T::deserialize(value).map_err(|error| ToolResponseError::Mismatch(error.to_string()))
}

/// The reason why [`ToolResponse::value`] has no value.
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
