//! The response to a call through a [`Harness`](super::Harness).

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::agent_view::AgentView;
use super::raw_response::RawResponse;
use super::tool_output::{self, ToolResponseError};

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
        tool_output::value(&self.json)
    }

    /// Whether the tool returned a value: the status is 200, without an [`error`](Self::error).
    #[must_use]
    pub fn is_success(&self) -> bool {
        !self.view.is_error && self.error().is_none()
    }

    /// The error message for the agent, if `success` is `false` in the body.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        tool_output::error(&self.json)
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
