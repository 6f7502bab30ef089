//! What a call through a [`Harness`](super::Harness) came to.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::received::{AgentSees, Received};

/// The answer to a call through a [`Harness`](super::Harness).
///
/// ```
/// # use coral_tools::{Toolset, testing::Harness};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let tools: Toolset = Toolset::builder().build().unwrap();
/// let answer = Harness::new(&tools, ()).call(("unheard_of", ())).await;
/// assert_eq!(answer.status(), Some(404));
/// assert_eq!(answer.agent_sees().text, "Error code 404 returned");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Answer {
    text: String,
    json: Value,
    sees: AgentSees,
}

impl Answer {
    pub(super) fn of(outcome: &Result<Received, String>) -> Self {
        let text = outcome.as_ref().map(Received::lossy).unwrap_or_default();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { text, json, sees: AgentSees::of(outcome) }
    }

    /// The status of the response; `None` where there was none, for example in time.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.sees.status()
    }

    /// The body of the response, of any status.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The body as JSON; `null` where it is none.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The value that the tool returned.
    ///
    /// The whole body, unless it is an object whose only member is `result`, which is how a value travels that is not
    /// an object: then that member.
    ///
    /// # Errors
    ///
    /// Where the call failed, or its value is not a `T`.
    pub fn value<T: DeserializeOwned>(&self) -> Result<T, AnswerError> {
        if !self.is_success() {
            return Err(AnswerError::Failed(self.failure()));
        }
        let inner = self.json.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("result"));
        let Some(inner) = inner else { return read(&self.json) };
        // A struct whose only field is `result` looks the same.
        read(inner).or_else(|error| read(&self.json).map_err(|_| error))
    }

    /// Whether the tool returned a value: status 200, and no [`Answer::error`].
    #[must_use]
    pub fn is_success(&self) -> bool {
        !self.sees.is_error && self.error().is_none()
    }

    /// The sentence for the agent, where `success` is `false`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        if self.json.get("success") != Some(&Value::Bool(false)) {
            return None;
        }
        self.json.get("error").and_then(Value::as_str)
    }

    /// What the agent sees of the answer.
    #[must_use]
    pub fn agent_sees(&self) -> &AgentSees {
        &self.sees
    }

    /// Everything there is to say about a failed call.
    fn failure(&self) -> String {
        let seen = [Some(self.sees.text.as_str()), self.sees.cause()];
        let body = Some(self.text.as_str()).filter(|text| !text.is_empty() && *text != self.sees.text);
        let parts: Vec<&str> = seen.into_iter().chain([body]).flatten().collect();
        parts.join(": ")
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, AnswerError> {
    T::deserialize(value).map_err(|error| AnswerError::Mismatch(error.to_string()))
}

/// Why an answer has no value of the type that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// The call failed; this is what is known of it.
    Failed(String),
    /// The value is of another type.
    Mismatch(String),
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => write!(f, "the call failed: {failure}"),
            Self::Mismatch(error) => write!(f, "the value is of another type: {error}"),
        }
    }
}

impl std::error::Error for AnswerError {}
