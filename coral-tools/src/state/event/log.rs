//! A line of a server's log.

use serde_json::{Map, Value};

use super::tag::{LogSubject, LogTag};
use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp, deserialize};

/// A line of a server's log; `LoggingEvent` in its own words.
///
/// It may have what agents said and printed, secrets among them.
///
/// ```
/// use coral_tools::state::{LogEvent, LogLevel};
/// use coral_tools::from_json;
///
/// let event: LogEvent = from_json(br#"{
///     "type": "warning",
///     "timestamp": "2026-05-08T14:56:15.123456Z",
///     "text": "DeprecationWarning: use the other one",
///     "tags": [
///         {"type": "session", "sessionId": "s1", "mdcMap": {"sid": "s1"}},
///         {"type": "agent", "name": "writer", "mdcMap": {"agent": "writer"}},
///         {"type": "stdout", "io": "error", "mdcMap": {"io": "stderr"}}
///     ]
/// }"#)?;
/// assert_eq!(event.level, LogLevel::Warning);
/// assert_eq!((event.session_id(), event.agent()), (Some("s1"), Some("writer")));
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LogEvent {
    /// When it was written.
    pub timestamp: Option<Timestamp>,
    /// How much it matters; `type` on the wire.
    pub level: LogLevel,
    /// What it says.
    pub text: String,
    /// What it is about.
    pub tags: Vec<LogTag>,
    /// Where the exception behind an error was thrown, innermost first; `exceptionStackTrace` on the wire. Empty where
    /// there was none.
    pub stack_trace: Vec<String>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl LogEvent {
    /// The name of the namespace that it is about.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| match &tag.kind {
            LogSubject::OfNamespace { namespace } => Some(namespace.as_str()),
            _ => None,
        })
    }

    /// The id of the session that it is about.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| match &tag.kind {
            LogSubject::OfSession { session_id } => Some(session_id.as_str()),
            _ => None,
        })
    }

    /// The name of the agent that it is about.
    #[must_use]
    pub fn agent(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| match &tag.kind {
            LogSubject::OfAgent { name } => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether the server holds it back from those who do not ask for it. One that is not may still have a secret in it.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        self.tags.iter().any(|tag| tag.kind == LogSubject::Sensitive)
    }
}

impl FromJson for LogEvent {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut event = ObjectReader::new(value)?;
        Ok(Self {
            timestamp: event.optional("timestamp")?,
            level: LogLevel::of(&mut event),
            text: event.or_default("text")?,
            tags: event.or_default("tags")?,
            stack_trace: event.or_default("exceptionStackTrace")?,
            extra: event.into_remaining(),
        })
    }
}

deserialize!(LogEvent);

/// How much a line of the log matters.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LogLevel {
    /// Something has failed.
    Error,
    /// Something may be wrong. What agents print to stderr is of this level, too.
    Warning,
    /// Something has happened. What agents print to stdout is of this level, too.
    Info,
    /// For people who look for a fault; `debug` on the wire.
    // `Debug` would make the compiler tell people of `std::fmt::Debug` in their own mistakes.
    Debugging,
    /// Every step.
    Trace,
    /// One that this version does not know, as it came; `null` where the server says nothing.
    Other(Value),
}

impl LogLevel {
    fn of(event: &mut ObjectReader) -> Self {
        let level = event.take("type").unwrap_or_default();
        match level.as_str() {
            Some("error") => Self::Error,
            Some("warning") => Self::Warning,
            Some("info") => Self::Info,
            Some("debug") => Self::Debugging,
            Some("trace") => Self::Trace,
            _ => Self::Other(level),
        }
    }
}
