//! The namespace that a session lives in.

use serde_json::{Map, Value};

/// A namespace that is made for the session unless there is one of its name; one that is there stays as it is.
///
/// A `&str` or `String` will do wherever one is taken.
///
/// ```
/// use coral_tools::SessionRequest;
/// use coral_tools::session::NewNamespace;
///
/// let request = SessionRequest::in_namespace(NewNamespace::new("customer-7").kept().annotation("tier", "gold"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NewNamespace {
    pub(super) name: String,
    pub(super) delete_on_last_session_exit: bool,
    pub(super) annotations: Map<String, Value>,
}

impl NewNamespace {
    /// A namespace that goes with its last session.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), delete_on_last_session_exit: true, annotations: Map::new() }
    }

    /// Keeps it when its last session has ended.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.delete_on_last_session_exit = false;
        self
    }

    /// Notes something on it, for the application to find it by. A key that is given again has the last value.
    #[must_use]
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into().into());
        self
    }
}

impl From<&str> for NewNamespace {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for NewNamespace {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

/// Where a session's namespace comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NamespaceProvider {
    CreateIfNotExists(NewNamespace),
    UseExisting(String),
}

impl NamespaceProvider {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::CreateIfNotExists(namespace) => &namespace.name,
            Self::UseExisting(name) => name,
        }
    }
}
