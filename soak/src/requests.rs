//! Requests, as bytes.

use coral_tools::Secret;

use crate::server::SECRET;

/// A request whose head and body can be sent apart.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: String,
}

/// 64 hex digits that are not a signature of anything.
pub(crate) const FORGED: &str = "00000000000000000000000000000000000000000000000000000000000000ff";

impl Request {
    /// A call with a valid signature. `path` is that of the tool.
    pub(crate) fn signed(path: &str, body: impl Into<String>) -> Self {
        let body = body.into();
        let signature = Secret::new(SECRET).sign(&body);
        Self::with_headers(path, body, &[("X-Coral-Signature", &signature)])
    }

    /// A call with a well-formed signature of nothing.
    pub(crate) fn forged(path: &str, body: impl Into<String>) -> Self {
        Self::with_headers(path, body, &[("X-Coral-Signature", FORGED)])
    }

    pub(crate) fn with_headers(path: &str, body: impl Into<String>, headers: &[(&str, &str)]) -> Self {
        let body = body.into();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "POST {path}/0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11/agent HTTP/1.1\r\nHost: localhost\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n",
            body.len()
        );
        Self { head, body }
    }

    /// A request of the server's own endpoints.
    pub(crate) fn plain(method: &str, path: &str) -> Self {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        Self { head, body: String::new() }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), self.body.as_bytes()].concat()
    }
}

/// Arguments of the tool `fast` with a string of this length.
pub(crate) fn text(length: usize) -> String {
    format!(r#"{{"text": "{}"}}"#, "x".repeat(length))
}
