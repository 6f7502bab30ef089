//! [`IdempotencyKey`]: a digest that identifies a call.

use sha2::{Digest, Sha256};

use crate::json::canonical_arguments;

/// A SHA-256 of the parts that identify a call. The length of each part is included, so that different parts never have the same
/// bytes.
pub(crate) struct IdempotencyKey(Sha256);

impl IdempotencyKey {
    /// Starts with the parts that every call has.
    pub(crate) fn of<'a>(tool: &str, caller: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let key = Self(Sha256::new()).with(b"coral-tools idempotency key 1").with(tool.as_bytes());
        caller.into_iter().fold(key, |key, part| match part {
            Some(part) => key.with(b"1").with(part.as_bytes()),
            None => key.with(b"0"),
        })
    }

    /// Returns the key of a call with these arguments. Arguments without a canonical form are compared byte for byte.
    pub(crate) fn of_arguments(self, arguments: &[u8]) -> String {
        match canonical_arguments(arguments) {
            Some(canonical) => self.with(b"canonical").with(&canonical).finish(),
            None => self.with(b"bytes").with(arguments).finish(),
        }
    }

    fn with(mut self, part: &[u8]) -> Self {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
        self
    }

    fn finish(self) -> String {
        const_hex::encode(self.0.finalize())
    }
}
