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
/// An error enum selects per variant what agents read: [`#[derive(IntoToolError)]`](derive@crate::IntoToolError).
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

    /// Sets the source, which is only logged. If its text is the message, only its own sources are logged.
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

    /// Whether the agent receives the generic message.
    pub(crate) fn is_internal(&self) -> bool {
        matches!(self.kind, ToolErrorKind::Internal)
    }

    /// Joins the source and its sources with `: `, for one field of a log line. The message is another field, so a source
    /// with the same text is left out.
    pub(crate) fn source_chain(&self) -> Option<String> {
        let source: &dyn Error = self.source.as_deref()?;
        let first = source.to_string();
        let mut texts = if first == self.message() { Vec::new() } else { vec![first] };
        texts.extend(
            std::iter::successors(source.source(), |error: &&dyn Error| (*error).source()).map(ToString::to_string),
        );
        (!texts.is_empty()).then(|| texts.join(": "))
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

/// An error type that selects what agents read. Usually derived: [`#[derive(IntoToolError)]`](derive@crate::IntoToolError).
///
/// A tool that returns `Result<T, E>` converts its error with this trait if `E` implements it, and with `Into<ToolError>`
/// otherwise. Elsewhere, such as in a [`Handler`](crate::Handler) or a [`FromContext`](crate::FromContext), write
/// `.map_err(IntoToolError::into_tool_error)?`. `?` alone converts to the generic message "the tool failed".
///
/// An implementation by hand decides at run time:
///
/// ```
/// use coral_tools::{IntoToolError, ToolError};
///
/// #[derive(Debug)]
/// struct StorageError {
///     is_full: bool,
///     source: std::io::Error,
/// }
///
/// impl IntoToolError for StorageError {
///     fn into_tool_error(self) -> ToolError {
///         match self.is_full {
///             true => ToolError::new("the storage is full; delete a file first").with_source(self.source),
///             false => ToolError::internal(self.source),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `IntoToolError`",
    label = "needs `IntoToolError`",
    note = "derive it where the type is defined: `#[derive(coral_tools::IntoToolError)]`",
    note = "for an error of another crate, replace `transparent` with `display`, or with `internal` to hide its message"
)]
pub trait IntoToolError {
    /// Converts the error to a message for the agent and a source for the log.
    fn into_tool_error(self) -> ToolError;
}

impl IntoToolError for ToolError {
    fn into_tool_error(self) -> ToolError {
        self
    }
}

impl<E: IntoToolError> IntoToolError for Box<E> {
    fn into_tool_error(self) -> ToolError {
        (*self).into_tool_error()
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

    #[test]
    fn a_source_with_the_text_of_the_message_is_not_logged_again() {
        let error = ToolError::new("try tomorrow").with_source("try tomorrow");
        assert_eq!(error.source_chain(), None);
        assert!(error.source().is_some());
    }
}
