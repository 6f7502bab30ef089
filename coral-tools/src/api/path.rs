//! Paths of the server's API.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::build_error::BuildError;

/// Everything but what RFC 3986 never has escaped.
pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path below the server's URL, with what is wrong about it instead where a name can be no segment of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RequestPath(Result<String, BuildError>);

impl RequestPath {
    /// A path as it is written, such as `api/v1/registry`.
    pub(crate) fn new(path: &str) -> Self {
        Self(Ok(path.to_owned()))
    }

    /// With a name as its next segment; `what` it is a name of, where it is refused.
    pub(crate) fn named(self, what: &str, name: &str) -> Self {
        Self(self.0.and_then(|path| match fault(name) {
            None => Ok(format!("{path}/{}", utf8_percent_encode(name, SEGMENT))),
            Some(fault) => Err(BuildError::new(format!("{what} `{}`", name.escape_debug()), fault)),
        }))
    }

    /// With more of it as it is written.
    pub(crate) fn then(self, more: &str) -> Self {
        Self(self.0.map(|path| format!("{path}/{more}")))
    }

    /// With a parameter in its query, if it has a value.
    pub(crate) fn query(self, name: &str, value: Option<&str>) -> Self {
        let Some(value) = value else { return self };
        Self(self.0.map(|path| {
            let mark = if path.contains('?') { '&' } else { '?' };
            format!("{path}{mark}{name}={}", utf8_percent_encode(value, SEGMENT))
        }))
    }

    pub(crate) fn as_str(&self) -> Result<&str, BuildError> {
        self.0.as_deref().map_err(Clone::clone)
    }
}

/// URLs have no way to say such a segment, not even escaped.
fn fault(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("it is empty, so nothing can have this name"),
        "." | ".." => Some("a path with such a name in it leads elsewhere"),
        _ => None,
    }
}
