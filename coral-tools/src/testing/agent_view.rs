//! The part of a response that an agent sees.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::raw_response::RawResponse;
use super::tool_output::{self, ToolResponseError};

/// The result of a call as an agent sees it: its text, and whether it is marked as an error.
///
/// The text is the body of a response whose status is exactly 200, `Error code <status> returned` for every other status, or
/// `Unknown error` if there was no response. An agent sees nothing else.
///
/// ```no_run
/// # use coral_tools::{Secret, testing::{CallerError, CoralCaller}};
/// # async fn example() -> Result<(), CallerError> {
/// let caller = CoralCaller::new(Secret::new("forged"));
/// let view = caller.call("http://127.0.0.1:8080/coral/ping", ()).await?;
/// assert!(view.is_error);
/// assert_eq!(view.text, "Error code 401 returned");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentView {
    /// The text of the result.
    pub text: String,
    /// Whether the result is marked as an error.
    pub is_error: bool,
    status: Option<u16>,
    cause: Option<String>,
}

impl AgentView {
    /// `outcome` is the response, or the reason for its absence.
    pub(super) fn from_outcome(outcome: &Result<RawResponse, String>) -> Self {
        match outcome {
            Ok(response) if response.status == 200 => match response.text() {
                Some(text) => Self { text: text.into_owned(), is_error: false, status: Some(200), cause: None },
                None => Self::unknown(Some(200), "the body is not text in the charset of the response"),
            },
            Ok(response) => Self {
                text: format!("Error code {} returned", response.status),
                is_error: true,
                status: Some(response.status),
                cause: None,
            },
            Err(cause) => Self::unknown_error(cause),
        }
    }

    /// A result that the server makes itself, without calling a webhook.
    #[must_use]
    pub fn new(text: impl Into<String>, is_error: bool) -> Self {
        Self { text: text.into(), is_error, status: None, cause: None }
    }

    /// The result of a call that got no response, with the [`cause`](Self::cause).
    #[must_use]
    pub fn unknown_error(cause: impl Into<String>) -> Self {
        Self::unknown(None, cause)
    }

    fn unknown(status: Option<u16>, cause: impl Into<String>) -> Self {
        Self { text: "Unknown error".to_owned(), is_error: true, status, cause: Some(cause.into()) }
    }

    /// Whether the tool returned a value: the result is not marked as an error, and has no [`error`](Self::error).
    #[must_use]
    pub fn is_success(&self) -> bool {
        !self.is_error && self.error().is_none()
    }

    /// The error message for the agent, if the text is JSON in which `success` is `false`.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.text).ok()?;
        tool_output::error(&body).map(str::to_owned)
    }

    /// The value that the tool returned, read from the text.
    ///
    /// A tool whose value is not an object returns it as `{"result": …}`. If the text has that form, this is the value of
    /// `result`; otherwise it is the whole text.
    ///
    /// # Errors
    ///
    /// Returns an error if the call failed, or if the text is not JSON of a `T`.
    pub fn value<T: DeserializeOwned>(&self) -> Result<T, ToolResponseError> {
        if !self.is_success() {
            let parts = [Some(self.text.as_str()), self.cause()];
            return Err(ToolResponseError::Failed(parts.into_iter().flatten().collect::<Vec<_>>().join(": ")));
        }
        let body: Value =
            serde_json::from_str(&self.text).map_err(|error| ToolResponseError::Mismatch(error.to_string()))?;
        tool_output::value(&body)
    }

    /// The status of the response, if there was one. For tests: agents do not see it.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The cause of an `Unknown error`. For tests: agents do not see it.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::{AgentView, RawResponse};

    fn view(status: u16, content_type: &str, body: &[u8]) -> (String, bool) {
        let content_type = Some(content_type.to_owned());
        let view = AgentView::from_outcome(&Ok(RawResponse { status, content_type, body: body.to_vec() }));
        (view.text, view.is_error)
    }

    #[test]
    fn an_agent_sees_only_the_body_of_a_200() {
        assert_eq!(view(200, "text/plain", "Zoë".as_bytes()), ("Zoë".into(), false));
        assert_eq!(view(200, "", b""), (String::new(), false));
        for status in [201, 202, 204, 302, 307, 400, 500] {
            assert_eq!(view(status, "", b"secret"), (format!("Error code {status} returned"), true));
        }
    }

    #[test]
    fn the_body_is_decoded_by_the_charset_of_the_response() {
        assert_eq!(view(200, "text/plain; charset=ISO-8859-1", b"Zo\xeb"), ("Zoë".into(), false));
        assert_eq!(view(200, "text/plain; Charset=\"UTF-8\"", "ë".as_bytes()), ("ë".into(), false));
        assert_eq!(view(200, "text/plain; charset=klingon", "ë".as_bytes()), ("ë".into(), false));
        assert_eq!(view(200, "application/json", b"Zo\xeb"), ("Unknown error".into(), true));
        assert_eq!(view(200, "///", b"yes"), ("Unknown error".into(), true));
    }
}
