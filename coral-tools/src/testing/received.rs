//! What comes back of a call, and the part of it that an agent sees.

use std::borrow::Cow;

/// An HTTP response as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Received {
    /// The body as text, by the charset that the response names.
    fn text(&self) -> Option<Cow<'_, str>> {
        match self.charset().as_deref() {
            None | Some("utf-8" | "utf8") => std::str::from_utf8(&self.body).ok().map(Cow::Borrowed),
            Some("iso-8859-1" | "latin1") => Some(self.body.iter().map(|&byte| char::from(byte)).collect()),
            Some("us-ascii") if self.body.is_ascii() => Some(String::from_utf8_lossy(&self.body)),
            Some(_) => None,
        }
    }

    fn charset(&self) -> Option<String> {
        let parameters = self.content_type.as_deref()?.split(';').skip(1);
        let charset =
            parameters.filter_map(|p| p.split_once('=')).find(|(k, _)| k.trim().eq_ignore_ascii_case("charset"));
        charset.map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase())
    }

    /// The body for people and tests, whatever it is.
    pub(super) fn lossy(&self) -> String {
        self.text().map_or_else(|| String::from_utf8_lossy(&self.body).into_owned(), Cow::into_owned)
    }
}

/// What an agent gets to see of a call: the text of the tool's result and whether it is marked as an error.
///
/// The body of a response whose status is exactly 200, or the number of the status, or `Unknown error` where there was
/// no response. Nothing else ever reaches an agent.
///
/// ```no_run
/// # use coral_tools::{Secret, testing::{CallerError, CoralCaller}};
/// # async fn example() -> Result<(), CallerError> {
/// let caller = CoralCaller::new(Secret::new("forged"));
/// let sees = caller.call("http://127.0.0.1:8080/coral/ping", ()).await?;
/// assert!(sees.is_error);
/// assert_eq!(sees.text, "Error code 401 returned");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentSees {
    /// The text of the result.
    pub text: String,
    /// Whether the result is marked as an error.
    pub is_error: bool,
    status: Option<u16>,
    cause: Option<String>,
}

impl AgentSees {
    pub(super) fn of(outcome: &Result<Received, String>) -> Self {
        match outcome {
            Ok(received) if received.status == 200 => match received.text() {
                Some(text) => Self { text: text.into_owned(), is_error: false, status: Some(200), cause: None },
                None => Self::unknown(Some(200), "the body is not text in the charset of the response"),
            },
            Ok(received) => Self {
                text: format!("Error code {} returned", received.status),
                is_error: true,
                status: Some(received.status),
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

    /// The status of the response, if there was one. For tests: agents do not see it.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What lies behind an `Unknown error`. For tests: agents do not see it.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::{AgentSees, Received};

    fn sees(status: u16, content_type: &str, body: &[u8]) -> (String, bool) {
        let content_type = Some(content_type.to_owned());
        let sees = AgentSees::of(&Ok(Received { status, content_type, body: body.to_vec() }));
        (sees.text, sees.is_error)
    }

    #[test]
    fn an_agent_sees_the_body_of_a_200_alone() {
        assert_eq!(sees(200, "text/plain", "Zoë".as_bytes()), ("Zoë".into(), false));
        assert_eq!(sees(200, "", b""), (String::new(), false));
        for status in [201, 202, 204, 302, 307, 400, 500] {
            assert_eq!(sees(status, "", b"secret"), (format!("Error code {status} returned"), true));
        }
    }

    #[test]
    fn the_charset_of_the_response_counts() {
        assert_eq!(sees(200, "text/plain; charset=ISO-8859-1", b"Zo\xeb"), ("Zoë".into(), false));
        assert_eq!(sees(200, "text/plain; Charset=\"UTF-8\"", "ë".as_bytes()), ("ë".into(), false));
        assert_eq!(sees(200, "application/json", b"Zo\xeb"), ("Unknown error".into(), true));
    }
}
