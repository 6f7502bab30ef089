//! A line of a server's log.

use serde_json::{Map, Value};

use super::tag::{LogSubject, LogTag};
use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp, deserialize};

/// A line of a server's log; called `LoggingEvent` by the server.
///
/// It may contain messages and output of agents, including secrets.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::{LogEvent, LogLevel};
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
    /// Its level; `type` on the wire.
    pub level: LogLevel,
    /// Its text.
    pub text: String,
    /// Its subjects.
    pub tags: Vec<LogTag>,
    /// The stack trace of the exception that caused an error, innermost frame first; `exceptionStackTrace` on the wire. Empty if
    /// there was no exception.
    pub stack_trace: Vec<String>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl LogEvent {
    /// The name of the namespace that it refers to.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| match &tag.kind {
            LogSubject::OfNamespace { namespace } => Some(namespace.as_str()),
            _ => None,
        })
    }

    /// The id of the session that it refers to.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| match &tag.kind {
            LogSubject::OfSession { session_id } => Some(session_id.as_str()),
            _ => None,
        })
    }

    /// The name of the agent that it refers to.
    #[must_use]
    pub fn agent(&self) -> Option<&str> {
        self.tags.iter().find_map(|tag| match &tag.kind {
            LogSubject::OfAgent { name } => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether the server sends it only to clients that ask for sensitive lines. Other lines may contain secrets as well.
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
            level: LogLevel::from_event(&mut event),
            text: event.or_default("text")?,
            tags: event.or_default("tags")?,
            stack_trace: event.or_default("exceptionStackTrace")?,
            extra: event.into_remaining(),
        })
    }
}

deserialize!(LogEvent);

/// The level of a log line.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LogLevel {
    /// A failure.
    Error,
    /// A possible problem. Output of agents to stderr has this level, too.
    Warning,
    /// Information. Output of agents to stdout has this level, too.
    Info,
    /// Debugging information; `debug` on the wire.
    // With a variant `Debug`, the compiler would print `std::fmt::Debug` with its full path in users' errors.
    Debugging,
    /// Details of every step.
    Trace,
    /// An unknown value, unchanged; `null` if the server sends none.
    Other(Value),
}

impl LogLevel {
    fn from_event(event: &mut ObjectReader) -> Self {
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
