//! From a function's return value to the bytes of an answer.

use std::fmt;

use serde::Serialize;

use crate::error::ToolError;

/// The value that a tool returned, as the bytes of a JSON document.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply(Vec<u8>);

impl Reply {
    /// Writes `value` as JSON.
    ///
    /// # Errors
    ///
    /// Where `value` cannot be JSON, such as a map with keys that are not strings.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, ToolError> {
        match serde_json::to_vec(value) {
            Ok(bytes) => Ok(Self(bytes)),
            Err(error) => Err(ToolError::internal(error)),
        }
    }

    /// The JSON document.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reply").field(&format_args!("{} bytes", self.0.len())).finish()
    }
}

/// How a value of the output type travels, so that every answer is an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it is.
    Object,
    /// As `{"result": value}`.
    Wrapped,
    /// `()`, as `{"success": true}`.
    Unit,
}

impl Form {
    pub(crate) fn apply(self, reply: Reply) -> Vec<u8> {
        match self {
            Self::Object => reply.into_bytes(),
            Self::Unit => br#"{"success":true}"#.to_vec(),
            Self::Wrapped => [br#"{"result":"#, reply.as_bytes(), b"}"].concat(),
        }
    }
}
