//! [`SchemaProblem`]: a part of a type that JSON Schema cannot express.

use std::fmt::{Display, Formatter, Result};

use crate::schema::tree::location::Location;

/// A part of a Rust type that a tool's schema cannot express.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaProblem {
    path: String,
    message: String,
}

impl SchemaProblem {
    pub(crate) fn new(location: &Location, message: impl Into<String>) -> Self {
        Self { path: location.to_string(), message: message.into() }
    }

    /// Returns the location in the type, such as `order.items[].price`; empty for the type as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what cannot be expressed, and what to write instead.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl Display for SchemaProblem {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "`{path}`: {}", self.message),
        }
    }
}

impl std::error::Error for SchemaProblem {}
