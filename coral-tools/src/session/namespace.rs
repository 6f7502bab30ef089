//! The namespace of a session.

use serde_json::{Map, Value};

/// A namespace that is created for the session if none has its name. An existing namespace stays as it is.
///
/// Converts from a `&str` or `String`.
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
    /// A namespace that is deleted when its last session ends.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), delete_on_last_session_exit: true, annotations: Map::new() }
    }

    /// Keeps the namespace when its last session ends.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.delete_on_last_session_exit = false;
        self
    }

    /// Sets an annotation, by which the application can find the namespace. A repeated key replaces the value.
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
