//! [`ClaimKey`].

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

use super::token::{MAC_BYTES, SignedText};
use crate::build_error::BuildError;
use crate::env::variable;

/// The least length of a key, that of an HMAC-SHA256.
const MIN_BYTES: usize = 32;
/// The longest id of a key, in characters.
const MAX_ID_CHARACTERS: usize = 32;
/// The length of a block of SHA-256.
const BLOCK_BYTES: usize = 64;

/// A key that signs claims, and its id, which is a part of each claim. It is a secret of the application only: neither Coral nor
/// agents need it, and it is not the [`Secret`](crate::webhook::Secret) of the webhooks.
///
/// `openssl rand -hex 32` prints a good key. Its `Debug` output is redacted, and its memory is zeroed when it is dropped.
#[derive(Clone)]
pub struct ClaimKey {
    id: Arc<str>,
    /// The key as HMAC uses it: filled up with zeros, or hashed if it is longer.
    block: Arc<Zeroizing<[u8; BLOCK_BYTES]>>,
}

impl ClaimKey {
    /// Creates a key of at least 32 random bytes. A string is used as its UTF-8 bytes.
    ///
    /// The id is not secret. It distinguishes keys during a rotation, such as `2026-11`.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is shorter than 32 bytes, or if the id is not 1 to 32 ASCII letters, digits, `-` and `_`.
    pub fn new(id: &str, key: impl AsRef<[u8]>) -> Result<Self, BuildError> {
        let key = key.as_ref();
        if !is_id(id) {
            let reason = "its id is not 1 to 32 ASCII letters, digits, `-` and `_`";
            return Err(BuildError::new("claim key", reason));
        }
        if key.len() < MIN_BYTES {
            let reason = "it is shorter than 32 bytes; `openssl rand -hex 32` prints a good one";
            return Err(BuildError::new(format!("claim key `{id}`"), reason));
        }
        Ok(Self { id: id.into(), block: Arc::new(block(key)) })
    }

    /// Reads the key from the environment variable `name` and trims the white space around it.
    ///
    /// # Errors
    ///
    /// Returns an error if the variable is not set or not Unicode, and those of [`new`](Self::new).
    pub fn from_env(id: &str, name: &str) -> Result<Self, BuildError> {
        let missing = || BuildError::new(name, "it is not set; set it to a key of at least 32 random bytes");
        let text = Zeroizing::new(variable(name)?.ok_or_else(missing)?);
        Self::new(id, text.trim())
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn sign(&self, text: &SignedText<'_>) -> [u8; MAC_BYTES] {
        self.mac(text).finalize().into_bytes().into()
    }

    /// Compares in constant time.
    pub(super) fn is_signature_of(&self, text: &SignedText<'_>, signature: &[u8; MAC_BYTES]) -> bool {
        self.mac(text).verify_slice(signature).is_ok()
    }

    /// The length of each part is included, so that different parts never have the same bytes.
    fn mac(&self, text: &SignedText<'_>) -> Hmac<Sha256> {
        let block: &[u8; BLOCK_BYTES] = &self.block;
        text.parts().into_iter().fold(Hmac::<Sha256>::new(block.into()), |mac, part| {
            mac.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
        })
    }
}

fn is_id(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !id.is_empty() && id.len() <= MAX_ID_CHARACTERS && id.bytes().all(is_allowed)
}

/// RFC 2104, section 2.
fn block(key: &[u8]) -> Zeroizing<[u8; BLOCK_BYTES]> {
    let mut block = Zeroizing::new([0; BLOCK_BYTES]);
    if key.len() <= BLOCK_BYTES {
        block[..key.len()].copy_from_slice(key);
    } else {
        block[..MAC_BYTES].copy_from_slice(&Sha256::digest(key));
    }
    block
}

impl fmt::Debug for ClaimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimKey({}, redacted)", self.id)
    }
}
