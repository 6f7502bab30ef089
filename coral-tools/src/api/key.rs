//! API keys.

use std::fmt;

use percent_encoding::utf8_percent_encode;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::path::SEGMENT;

/// Replaces a key in text that is shown.
const REDACTED: &str = "…";

/// An API key: of Coral Cloud, of a coral-server's `auth.keys`, or an access token of Everruns or Qoder.
///
/// Methods that take a key also take a `&str` or a `String`. `Debug` does not show the key; it is zeroed when dropped.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Creates a key. White space around it is removed, as files and environment variables often contain some.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(key.trim().to_owned().into())
    }

    /// Why the key cannot be sent, if it cannot. The message does not contain the key.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        if self.0.expose_secret().is_empty() {
            Some("it is empty; the server rejects requests without a key")
        } else if self.header().is_none() {
            Some("it contains a character that is not allowed in an HTTP header")
        } else {
            None
        }
    }

    /// Removes the key from text of a server, both unchanged and percent-encoded as in paths.
    pub(crate) fn redact(&self, text: &str) -> String {
        match self.0.expose_secret() {
            "" => text.to_owned(),
            key => text.replace(key, REDACTED).replace(&self.segment(), REDACTED),
        }
    }

    /// The value of `Authorization`: `Bearer …`.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The key as a path segment, where Coral expects it for websockets.
    pub(crate) fn segment(&self) -> String {
        utf8_percent_encode(self.0.expose_secret(), SEGMENT).to_string()
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self::new(&key)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}
