//! Filters of events.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Map, Value};

use crate::api::RequestPath;

/// Selects events of [`Coral::manager_events`](super::Coral::manager_events). Default: all.
///
/// ```
/// use coral_tools::client::ManagerFilter;
///
/// let filter = ManagerFilter::new().namespace("customer-7").annotation("tier", "gold");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct ManagerFilter {
    namespace: Option<String>,
    annotations: Map<String, Value>,
}

impl ManagerFilter {
    /// Selects all events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Selects events of this namespace.
    pub fn namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = Some(name.into());
        self
    }

    /// Selects events of namespaces with this annotation. If it is called several times, namespaces must have all annotations.
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into().into());
        self
    }

    pub(super) fn apply_to(&self, path: RequestPath) -> RequestPath {
        let annotations = Value::Object(self.annotations.clone()).to_string();
        let annotations = (!self.annotations.is_empty()).then(|| URL_SAFE.encode(annotations));
        path.query("namespaceFilter", self.namespace.as_deref())
            .query("namespaceAnnotationFilters", annotations.as_deref())
    }
}

/// Selects lines of [`Coral::logs`](super::Coral::logs). Default: all that are not sensitive.
///
/// ```
/// use coral_tools::client::LogFilter;
///
/// let filter = LogFilter::new().agent("writer").limit(100);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct LogFilter {
    namespace: Option<String>,
    session: Option<String>,
    agent: Option<String>,
    sensitive: bool,
    limit: Option<u32>,
}

impl LogFilter {
    /// Selects all lines that are not sensitive.
    pub fn new() -> Self {
        Self::default()
    }

    /// Selects lines about this namespace.
    pub fn namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = Some(name.into());
        self
    }

    /// Selects lines about the session with this id.
    pub fn session(mut self, id: impl Into<String>) -> Self {
        self.session = Some(id.into());
        self
    }

    /// Selects lines about agents with this name.
    pub fn agent(mut self, name: impl Into<String>) -> Self {
        self.agent = Some(name.into());
        self
    }

    /// Also selects sensitive lines, which may contain secrets.
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Sets the number of earlier lines to start with; 0 for none. Default: 1024. Servers keep 2048.
    pub fn limit(mut self, lines: u32) -> Self {
        self.limit = Some(lines);
        self
    }

    pub(super) fn apply_to(&self, path: RequestPath) -> RequestPath {
        let limit = self.limit.map(|limit| limit.to_string());
        path.query("namespaceFilter", self.namespace.as_deref())
            .query("sessionFilter", self.session.as_deref())
            .query("agentFilter", self.agent.as_deref())
            .query("allowSensitive", self.sensitive.then_some("true"))
            .query("limit", limit.as_deref())
    }
}
