//! The key that a server asks for.

use std::fmt;

use percent_encoding::utf8_percent_encode;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::path::SEGMENT;

/// What stands in its place.
const HIDDEN: &str = "…";

/// The key that a server asks for: one that Coral Cloud handed out, one of a coral-server's `auth.keys`, an access token of
/// Everruns or of Qoder. A `&str` or `String` will do wherever one is taken. Never shown by `Debug`, zeroed when dropped.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// A key, without white space around it, as it comes from files and variables.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(key.trim().to_owned().into())
    }

    /// What is wrong with it; nothing of it is said.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        if self.0.expose_secret().is_empty() {
            Some("it is empty; the server refuses whoever has none")
        } else if self.header().is_none() {
            Some("it has a character in it that no HTTP header can carry")
        } else {
            None
        }
    }

    /// A text in which a server may have repeated it, without it: neither as it is nor as it stands in paths.
    pub(crate) fn hide(&self, text: &str) -> String {
        match self.0.expose_secret() {
            "" => text.to_owned(),
            key => text.replace(key, HIDDEN).replace(&self.segment(), HIDDEN),
        }
    }

    /// `Authorization: Bearer …`.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// As a segment of a websocket's path, which is where servers expect it.
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
