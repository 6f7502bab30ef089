//! Paths of a server's API.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::build_error::BuildError;

/// Escapes everything but the unreserved characters of RFC 3986.
pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path relative to the server's URL, or the error of a name that cannot be a segment of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RequestPath(Result<String, BuildError>);

impl RequestPath {
    /// Creates a path from text that is escaped already, such as `api/v1/registry`.
    pub(crate) fn new(path: &str) -> Self {
        Self(Ok(path.to_owned()))
    }

    /// Appends a name as one segment. `kind` names it in the error, such as `session`.
    pub(crate) fn segment(self, kind: &str, name: &str) -> Self {
        Self(self.0.and_then(|path| match segment_problem(name) {
            None => Ok(format!("{path}/{}", utf8_percent_encode(name, SEGMENT))),
            Some(problem) => Err(BuildError::new(format!("{kind} `{}`", name.escape_debug()), problem)),
        }))
    }

    /// Appends text that is escaped already.
    pub(crate) fn join(self, path: &str) -> Self {
        Self(self.0.map(|parent| format!("{parent}/{path}")))
    }

    /// Appends a query parameter, if it has a value.
    pub(crate) fn query(self, name: &str, value: Option<&str>) -> Self {
        let Some(value) = value else { return self };
        Self(self.0.map(|path| {
            let separator = if path.contains('?') { '&' } else { '?' };
            format!("{path}{separator}{name}={}", utf8_percent_encode(value, SEGMENT))
        }))
    }

    pub(crate) fn as_str(&self) -> Result<&str, BuildError> {
        self.0.as_deref().map_err(Clone::clone)
    }
}

/// Why a name cannot be a path segment, not even escaped.
fn segment_problem(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("it is empty"),
        "." | ".." => Some("`.` and `..` cannot be path segments"),
        _ => None,
    }
}
