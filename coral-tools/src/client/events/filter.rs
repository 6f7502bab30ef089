//! Which events to follow.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Map, Value};

use crate::api::RequestPath;

/// Which of [`Coral::manager_events`](super::Coral::manager_events): all, unless something is said.
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
    /// All events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of this namespace.
    pub fn namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = Some(name.into());
        self
    }

    /// Those of namespaces with this annotation; of several, with all of them.
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into().into());
        self
    }

    pub(super) fn of(&self, path: RequestPath) -> RequestPath {
        let annotations = Value::Object(self.annotations.clone()).to_string();
        let annotations = (!self.annotations.is_empty()).then(|| URL_SAFE.encode(annotations));
        path.query("namespaceFilter", self.namespace.as_deref())
            .query("namespaceAnnotationFilters", annotations.as_deref())
    }
}

/// Which of [`Coral::logs`](super::Coral::logs): all but what is sensitive, unless something is said.
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
    /// All that is not sensitive.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is about this namespace.
    pub fn namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = Some(name.into());
        self
    }

    /// What is about the session of this id.
    pub fn session(mut self, id: impl Into<String>) -> Self {
        self.session = Some(id.into());
        self
    }

    /// What is about agents of this name.
    pub fn agent(mut self, name: impl Into<String>) -> Self {
        self.agent = Some(name.into());
        self
    }

    /// Also what may have secrets in it.
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// How many earlier lines to begin with: 1024, unless said otherwise; 0 for none. Servers keep 2048.
    pub fn limit(mut self, lines: u32) -> Self {
        self.limit = Some(lines);
        self
    }

    pub(super) fn of(&self, path: RequestPath) -> RequestPath {
        let limit = self.limit.map(|limit| limit.to_string());
        path.query("namespaceFilter", self.namespace.as_deref())
            .query("sessionFilter", self.session.as_deref())
            .query("agentFilter", self.agent.as_deref())
            .query("allowSensitive", self.sensitive.then_some("true"))
            .query("limit", limit.as_deref())
    }
}
