//! Errors of tools: a message for the agent, and a source for the log.

use std::error::Error;
use std::fmt;

/// The message that an agent receives for an error that was not written for it.
pub(crate) const GENERIC_MESSAGE: &str = "the tool failed";

/// An error of a tool: a message for the agent, and optionally a source for the log.
///
/// The message is sent to the agent as `{"success": false, "error": message}` with status 200, because Coral shows an
/// agent only the status of any other response. The source is logged and never sent.
///
/// `?` converts any other error to a `ToolError` with the generic message "the tool failed" and that error as its source,
/// so that an agent never receives internal details by accident. Values that do not implement [`std::error::Error`], such
/// as `anyhow::Error`, `Box<dyn Error + Send + Sync>` or a string, are converted with `.map_err(ToolError::internal)?`.
///
/// Like `anyhow::Error`, `ToolError` does not implement [`std::error::Error`]: the conversion of every type that does
/// would then overlap with the standard library's `impl From<T> for T`. [`ToolError::source`] is therefore an inherent
/// method.
///
/// ```
/// use coral_tools::ToolError;
///
/// fn price(sku: &str) -> Result<u32, ToolError> {
///     let row = std::fs::read_to_string("prices.csv")?; // the agent receives "the tool failed"
///     let price = row
///         .lines()
///         .find_map(|line| line.strip_prefix(sku)?.strip_prefix(','))
///         .ok_or_else(|| ToolError::new("there is no product with this SKU; list the products first"))?;
///     price.parse().map_err(|e| ToolError::new("the price of this product is not known").with_source(e))
/// }
/// ```
#[derive(Debug)]
pub struct ToolError {
    kind: ToolErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug)]
enum ToolErrorKind {
    Message(String),
    Internal,
    UnknownSession,
}

impl ToolError {
    /// Creates an error with a message for the agent: what went wrong and, ideally, what to do instead.
    pub fn new(message: impl Into<String>) -> Self {
        Self { kind: ToolErrorKind::Message(message.into()), source: None }
    }

    /// Creates the error for a session that this application does not know.
    ///
    /// Over the webhook it becomes status 400 with `{"success": false, "error": "Invalid session"}`, as specified by the
    /// Coral Cloud API guide. Coral shows the agent only the status.
    #[must_use]
    pub fn unknown_session() -> Self {
        Self { kind: ToolErrorKind::UnknownSession, source: None }
    }

    /// Creates an error without details for the agent: the source is logged, and the agent receives "the tool failed".
    ///
    /// ```
    /// # use coral_tools::ToolError;
    /// fn load() -> Result<String, Box<dyn std::error::Error + Send + Sync>> { Err("disk on fire".into()) }
    ///
    /// fn report() -> Result<String, ToolError> {
    ///     load().map_err(ToolError::internal)
    /// }
    /// assert_eq!(report().unwrap_err().message(), "the tool failed");
    /// ```
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: ToolErrorKind::Internal, source: Some(source.into()) }
    }

    /// Sets the source, which is only logged.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the message for the agent.
    #[must_use]
    pub fn message(&self) -> &str {
        match &self.kind {
            ToolErrorKind::Message(message) => message,
            ToolErrorKind::Internal => GENERIC_MESSAGE,
            ToolErrorKind::UnknownSession => "Invalid session",
        }
    }

    /// Returns the source, which is only logged.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }

    /// Whether this is [`ToolError::unknown_session`].
    #[must_use]
    pub fn is_unknown_session(&self) -> bool {
        matches!(self.kind, ToolErrorKind::UnknownSession)
    }

    /// Joins the source and its sources with `: `, for one field of a log line.
    pub(crate) fn source_chain(&self) -> Option<String> {
        let first: &dyn Error = self.source.as_deref()?;
        let mut text = first.to_string();
        let mut next = first.source();
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        Some(text)
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for ToolError {
    fn from(source: E) -> Self {
        Self { kind: ToolErrorKind::Internal, source: Some(Box::new(source)) }
    }
}

#[cfg(test)]
mod tests {
    use super::ToolError;

    #[test]
    fn the_agent_receives_a_generic_message_for_other_errors() {
        let error = ToolError::from(std::io::Error::other("password=hunter2"));
        assert_eq!(error.message(), "the tool failed");
        assert_eq!(error.to_string(), "the tool failed");
        assert_eq!(error.source_chain().as_deref(), Some("password=hunter2"));
    }

    #[test]
    fn a_source_does_not_change_the_message() {
        let error = ToolError::new("try tomorrow").with_source("database is down");
        assert_eq!(error.message(), "try tomorrow");
        assert_eq!(error.source_chain().as_deref(), Some("database is down"));
    }
}
