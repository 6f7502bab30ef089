//! [`ClaimValue`].

use std::fmt;

use serde::Serialize;

use super::token::encode;
use crate::build_error::BuildError;

/// The longest value, in bytes of JSON: URLs of more than a few KiB do not pass every proxy.
const MAX_JSON_BYTES: usize = 1024;

/// A value that can be the value of a claim, encoded.
#[derive(Clone)]
pub(crate) struct ClaimValue(String);

impl ClaimValue {
    /// # Errors
    ///
    /// Returns an error if `value` cannot be serialized, or is longer than 1 KiB.
    pub(crate) fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, BuildError> {
        const SUBJECT: &str = "the value that the tools are bound to";
        let json = serde_json::to_vec(value)
            .map_err(|error| BuildError::new(SUBJECT, format!("it cannot be serialized as JSON: {error}")))?;
        if json.len() > MAX_JSON_BYTES {
            return Err(BuildError::new(SUBJECT, "it is longer than 1 KiB of JSON; use an id"));
        }
        Ok(Self(encode(&json)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimValue(…)")
    }
}
