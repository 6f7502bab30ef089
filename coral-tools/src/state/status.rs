//! The status of a session.

use serde_json::Value;

use crate::json::{DecodeError, ObjectReader, TaggedUnion, Timestamp};

/// The status of a session.
///
/// A session that is gone has no status: it is `Closing` for as long as its persistence mode keeps it, and then the server
/// returns 404.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionStatus {
    /// Created as deferred, and not executed yet.
    PendingExecution,
    /// Its agents have been started.
    Executed {
        /// When its agents were started. Older servers omit it.
        execution_time: Option<Timestamp>,
    },
    /// Its agents have stopped, and it can still be read for a while.
    Closing {
        /// When its agents were started. Older servers omit it.
        execution_time: Option<Timestamp>,
        /// When it began to close. Older servers omit it.
        closing_time: Option<Timestamp>,
    },
    /// An unknown value, unchanged; `null` if the server sends none.
    Other(Value),
}

impl SessionStatus {
    /// Reads `status`, or `closing` of older servers.
    pub(super) fn from_session(session: &mut ObjectReader) -> Result<Self, DecodeError> {
        if let Some(status) = session.tagged("status")? {
            return Ok(status);
        }
        Ok(match session.optional("closing")? {
            Some(true) => Self::Closing { execution_time: None, closing_time: None },
            Some(false) => Self::Executed { execution_time: None },
            None => Self::Other(Value::Null),
        })
    }
}

impl TaggedUnion for SessionStatus {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "pending_execution" => Self::PendingExecution,
            "executed" => Self::Executed { execution_time: fields.optional("executionTime")? },
            "closing" => Self::Closing {
                execution_time: fields.optional("executionTime")?,
                closing_time: fields.optional("closingTime")?,
            },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}
