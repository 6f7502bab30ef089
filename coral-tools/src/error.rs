//! What a tool says when it fails: one sentence for the agent, the cause for the log.

use std::any::Any;
use std::error::Error;
use std::fmt;

/// The sentence that an agent gets for an error that was not written for it.
pub(crate) const PLAIN_FAILURE: &str = "the tool failed";

/// Why a tool could not do what it was asked, with two audiences kept apart.
///
/// The message goes to the agent, as `{"success": false, "error": message}` with status 200, because Coral shows an
/// agent nothing of any other answer. The source goes to the log and nowhere else.
///
/// `?` on any other error makes a `ToolError` whose message is the plain sentence "the tool failed" and whose source is
/// that error, so nothing internal reaches an agent by accident. For what is not a [`std::error::Error`] itself, such as
/// `anyhow::Error`, `Box<dyn Error + Send + Sync>` or text, it is `.map_err(ToolError::internal)?`.
///
/// ```
/// use coral_tools::ToolError;
///
/// fn price(sku: &str) -> Result<u32, ToolError> {
///     let row = std::fs::read_to_string("prices.csv")?; // the agent reads: the tool failed
///     let price = row
///         .lines()
///         .find_map(|line| line.strip_prefix(sku)?.strip_prefix(','))
///         .ok_or_else(|| ToolError::new("there is no product with this SKU; list the products first"))?;
///     price.parse().map_err(|e| ToolError::new("the price of this product is not known").with_source(e))
/// }
/// ```
#[derive(Debug)]
pub struct ToolError {
    kind: Kind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug)]
enum Kind {
    Message(String),
    Internal,
    UnknownSession,
}

impl ToolError {
    /// An error that tells the agent `message`: what went wrong and, best, what to do instead.
    pub fn new(message: impl Into<String>) -> Self {
        Self { kind: Kind::Message(message.into()), source: None }
    }

    /// The call belongs to a session that this application does not know.
    ///
    /// Over the webhook this is status 400 with `{"success": false, "error": "Invalid session"}`, as in the Coral Cloud
    /// API guide. Coral shows the agent only the status.
    #[must_use]
    pub fn unknown_session() -> Self {
        Self { kind: Kind::UnknownSession, source: None }
    }

    /// A failure that is none of the agent's business: the log gets the cause, the agent the plain sentence.
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
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Internal, source: Some(cause.into()) }
    }

    /// Adds the cause, for the log alone.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The sentence for the agent.
    #[must_use]
    pub fn message(&self) -> &str {
        match &self.kind {
            Kind::Message(message) => message,
            Kind::Internal => PLAIN_FAILURE,
            Kind::UnknownSession => "Invalid session",
        }
    }

    /// The cause, for the log.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }

    /// Whether this is [`ToolError::unknown_session`].
    #[must_use]
    pub fn is_unknown_session(&self) -> bool {
        matches!(self.kind, Kind::UnknownSession)
    }

    /// The cause and its causes, for one field of a log line.
    pub(crate) fn chain(&self) -> Option<String> {
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
        Self { kind: Kind::Internal, source: Some(Box::new(source)) }
    }
}

/// What a panic says, for the log.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> Option<&str> {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::ToolError;

    #[test]
    fn another_error_is_hidden_from_the_agent_and_kept_for_the_log() {
        let error = ToolError::from(std::io::Error::other("password=hunter2"));
        assert_eq!(error.message(), "the tool failed");
        assert_eq!(error.to_string(), "the tool failed");
        assert_eq!(error.chain().as_deref(), Some("password=hunter2"));
    }

    #[test]
    fn a_source_does_not_change_the_sentence() {
        let error = ToolError::new("try tomorrow").with_source("database is down");
        assert_eq!(error.message(), "try tomorrow");
        assert_eq!(error.chain().as_deref(), Some("database is down"));
    }
}
