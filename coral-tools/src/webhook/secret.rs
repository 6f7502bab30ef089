//! Secrets with which Coral signs requests.

use std::fmt;
use std::sync::Arc;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice};

/// The secret with which Coral signs calls: `network.customToolSecret` of a Coral server, `CORAL_CUSTOM_TOOL_SECRET` of
/// Coral Cloud. For [`SessionEndService`](super::SessionEndService) it is `network.webhookSecret`.
///
/// Its `Debug` output is redacted, and its memory is zeroed when it is dropped.
///
/// A Coral server uses the UTF-8 bytes of the text as the key: [`Secret::new`]. Coral Cloud provides hex digits and uses
/// the bytes that they encode: [`Secret::hex`]. [`Secret::from_env`] accepts hex digits in both ways.
#[derive(Clone)]
pub struct Secret {
    /// Two keys if the secret can be read in two ways.
    keys: Arc<[SecretSlice<u8>]>,
}

impl Secret {
    /// Creates a secret whose key is the UTF-8 bytes of `text`, as on a Coral server.
    ///
    /// With an empty text every request is rejected, and the log has the reason.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self::from_keys([text.as_ref().as_bytes().to_vec()])
    }

    /// Decodes a secret written in hex, as Coral Cloud provides it: digits in upper or lower case, without a prefix.
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is empty, or is not an even number of hex digits.
    pub fn hex(text: impl AsRef<str>) -> Result<Self, SecretError> {
        decode(text.as_ref()).map(|key| Self::from_keys([key])).ok_or(SecretError(SecretErrorKind::NotHex))
    }

    /// Reads the secret from the environment variable `name` and trims the white space around it.
    ///
    /// A value of at least 32 hex digits is used both as in [`Secret::new`] and as in [`Secret::hex`], because servers
    /// differ: a signature made with either key is accepted.
    ///
    /// # Errors
    ///
    /// Returns an error if the variable is missing, empty or not Unicode.
    pub fn from_env(name: &str) -> Result<Self, SecretError> {
        let error = |kind: fn(String) -> SecretErrorKind| SecretError(kind(name.to_owned()));
        let text = match std::env::var(name) {
            Ok(text) => Zeroizing::new(text),
            Err(std::env::VarError::NotPresent) => return Err(error(SecretErrorKind::Missing)),
            Err(std::env::VarError::NotUnicode(_)) => return Err(error(SecretErrorKind::NotUnicode)),
        };
        match text.trim() {
            "" => Err(error(SecretErrorKind::Empty)),
            text => Ok(Self::text_or_hex(text)),
        }
    }

    fn text_or_hex(text: &str) -> Self {
        let key = text.as_bytes().to_vec();
        match decode(text) {
            Some(decoded) if decoded.len() >= 16 => Self::from_keys([key, decoded]),
            _ => Self::from_keys([key]),
        }
    }

    fn from_keys<const N: usize>(keys: [Vec<u8>; N]) -> Self {
        Self { keys: keys.into_iter().map(SecretSlice::from).collect() }
    }

    /// The keys that are not empty.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.iter().map(ExposeSecret::expose_secret).filter(|key| !key.is_empty())
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let decoded = const_hex::decode(text).ok()?;
    let prefixed = text.starts_with("0x") || text.starts_with("0X");
    (!decoded.is_empty() && !prefixed).then_some(decoded)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// An error of [`Secret::hex`] or [`Secret::from_env`]. The message names what to set and never contains the value.
///
/// `Debug` prints the same text as `Display`, because a `main` that returns an error prints it with `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretError(SecretErrorKind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum SecretErrorKind {
    Missing(String),
    NotUnicode(String),
    Empty(String),
    NotHex,
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            SecretErrorKind::Missing(name) => write!(
                f,
                "the environment variable {name} is not set; set it to the secret with which Coral signs calls \
                 (`network.customToolSecret` of a Coral server)"
            ),
            SecretErrorKind::NotUnicode(name) => write!(f, "the environment variable {name} is not valid Unicode"),
            SecretErrorKind::Empty(name) => {
                write!(f, "the environment variable {name} is empty; a secret needs at least one character")
            }
            SecretErrorKind::NotHex => {
                f.write_str("the secret is not hex: an even number of digits 0-9 and a-f, without a prefix")
            }
        }
    }
}

impl fmt::Debug for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SecretError {}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_output_is_redacted() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(redacted)");
    }

    #[test]
    fn invalid_hex_is_rejected() {
        for bad in ["", "abc", "zz", "0x00ff", "00 ff"] {
            assert!(Secret::hex(bad).is_err(), "{bad:?}");
        }
        let error = Secret::hex("zz").expect_err("not hex");
        assert_eq!(error.to_string(), "the secret is not hex: an even number of digits 0-9 and a-f, without a prefix");
        assert_eq!(format!("{error:?}"), error.to_string(), "`main` and `expect` show the message");
        let secret = Secret::hex("00FFab").expect("hex");
        assert_eq!(secret.keys().collect::<Vec<_>>(), [[0x00, 0xff, 0xab]]);
    }

    #[test]
    fn a_missing_environment_variable_is_named() {
        let error = Secret::from_env("CORAL_TOOLS_VARIABLE_THAT_IS_NOT_SET").expect_err("not set").to_string();
        let message = "the environment variable CORAL_TOOLS_VARIABLE_THAT_IS_NOT_SET is not set; set it to the secret";
        assert!(error.starts_with(message), "{error}");
    }

    #[test]
    fn an_empty_secret_has_no_keys() {
        assert_eq!(Secret::new("").keys().count(), 0);
    }

    #[test]
    fn a_long_hex_text_is_used_as_text_and_as_hex() {
        let text = "00112233445566778899aabbccddeeff";
        let keys: Vec<Vec<u8>> = Secret::text_or_hex(text).keys().map(<[u8]>::to_vec).collect();
        assert_eq!(keys, [text.as_bytes().to_vec(), (0..16).map(|i| i * 0x11).collect()]);
        assert_eq!(Secret::text_or_hex("cafe").keys().count(), 1, "too short for a hex key");
    }
}
