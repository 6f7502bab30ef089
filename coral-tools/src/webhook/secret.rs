//! The key that Coral signs calls with.

use std::fmt;
use std::sync::Arc;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice};

/// The secret that a Coral server (`network.customToolSecret`) or Coral Cloud (`CORAL_CUSTOM_TOOL_SECRET`) signs calls
/// with; or `network.webhookSecret`, with which it signs the reports for [`session_end`](super::session_end()). Never shown
/// by `Debug`, zeroed when dropped.
///
/// A Coral server uses the UTF-8 bytes of the text as the key: [`Secret::new`]. Coral Cloud hands out hex text and uses
/// the bytes that it stands for: [`Secret::hex`]. [`Secret::from_env`] takes a hex text either way.
#[derive(Clone)]
pub struct Secret {
    /// More than one where a text can be read in two ways.
    keys: Arc<[SecretSlice<u8>]>,
}

impl Secret {
    /// A key that is the UTF-8 bytes of `text`, as a Coral server has it.
    ///
    /// An empty key verifies nothing: every call is refused and the log says why.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self::of([text.as_ref().as_bytes().to_vec()])
    }

    /// A key that is written in hex, as Coral Cloud hands it out. Upper and lower case, without a prefix.
    ///
    /// # Errors
    ///
    /// Where `text` is not an even, positive number of hex digits.
    pub fn hex(text: impl AsRef<str>) -> Result<Self, SecretError> {
        decode(text.as_ref()).map(|key| Self::of([key])).ok_or(SecretError(Fault::NotHex))
    }

    /// The secret in the environment variable `name`, without white space around it.
    ///
    /// A value of at least 32 hex digits is taken both ways, as [`Secret::new`] and as [`Secret::hex`] have it, because
    /// servers differ on it; a signature made with either key is accepted.
    ///
    /// # Errors
    ///
    /// Where the variable is missing, empty or not Unicode.
    pub fn from_env(name: &str) -> Result<Self, SecretError> {
        let fault = |fault: fn(String) -> Fault| SecretError(fault(name.to_owned()));
        let text = match std::env::var(name) {
            Ok(text) => Zeroizing::new(text),
            Err(std::env::VarError::NotPresent) => return Err(fault(Fault::Missing)),
            Err(std::env::VarError::NotUnicode(_)) => return Err(fault(Fault::NotUnicode)),
        };
        match text.trim() {
            "" => Err(fault(Fault::Empty)),
            text => Ok(Self::either(text)),
        }
    }

    fn either(text: &str) -> Self {
        let key = text.as_bytes().to_vec();
        match decode(text) {
            Some(decoded) if decoded.len() >= 16 => Self::of([key, decoded]),
            _ => Self::of([key]),
        }
    }

    fn of<const N: usize>(keys: [Vec<u8>; N]) -> Self {
        Self { keys: keys.into_iter().map(SecretSlice::from).collect() }
    }

    /// Every reading of the secret that can verify anything.
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

/// Why there is no [`Secret`]. Says what to set, never what was found.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretError(Fault);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Missing(String),
    NotUnicode(String),
    Empty(String),
    NotHex,
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::Missing(name) => write!(
                f,
                "the environment variable {name} is not set; set it to the secret that Coral signs calls with \
                 (`network.customToolSecret` of a Coral server)"
            ),
            Fault::NotUnicode(name) => write!(f, "the environment variable {name} is not valid Unicode"),
            Fault::Empty(name) => {
                write!(f, "the environment variable {name} is empty; a secret needs at least one character")
            }
            Fault::NotHex => {
                f.write_str("the secret is not hex: an even number of digits 0-9 and a-f, without a prefix")
            }
        }
    }
}

/// As `Display`: a `main` that returns an error shows it by `Debug`.
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
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(redacted)");
    }

    #[test]
    fn hex_must_be_hex() {
        for bad in ["", "abc", "zz", "0x00ff", "00 ff"] {
            assert!(Secret::hex(bad).is_err(), "{bad:?}");
        }
        let secret = Secret::hex("00FFab").expect("hex");
        assert_eq!(secret.keys().collect::<Vec<_>>(), [[0x00, 0xff, 0xab]]);
    }

    #[test]
    fn an_empty_secret_has_no_key() {
        assert_eq!(Secret::new("").keys().count(), 0);
    }

    #[test]
    fn a_hex_looking_secret_is_read_both_ways() {
        let text = "00112233445566778899aabbccddeeff";
        let keys: Vec<Vec<u8>> = Secret::either(text).keys().map(<[u8]>::to_vec).collect();
        assert_eq!(keys, [text.as_bytes().to_vec(), (0..16).map(|i| i * 0x11).collect()]);
        assert_eq!(Secret::either("cafe").keys().count(), 1, "too short to be a key in hex");
    }
}
