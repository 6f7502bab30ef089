//! How far a session has come.

use serde_json::Value;

use crate::json::{DecodeError, ObjectReader, TaggedUnion, Timestamp};

/// How far a session has come.
///
/// There is none for "over": a session is `Closing` for as long as its persistence mode holds it, and then gone (404).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionStatus {
    /// Created with deferred execution, and not executed yet.
    PendingExecution,
    /// Its agents have been launched.
    Executed {
        /// When that was. Older servers do not say.
        execution_time: Option<Timestamp>,
    },
    /// Its agents are gone, and it can still be read for a while.
    Closing {
        /// When its agents were launched. Older servers do not say.
        execution_time: Option<Timestamp>,
        /// When it began to close. Older servers do not say.
        closing_time: Option<Timestamp>,
    },
    /// One that this version does not know, as it came; `null` where the server says nothing.
    Other(Value),
}

impl SessionStatus {
    /// From `status`, or from `closing` of older servers.
    pub(super) fn of(session: &mut ObjectReader) -> Result<Self, DecodeError> {
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
