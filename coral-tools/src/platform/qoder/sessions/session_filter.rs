//! The filter of a list of sessions.

use crate::api::RequestPath;

/// The filter of a list of sessions. An empty filter matches all sessions that are not archived.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct SessionFilter {
    agent: Option<String>,
    statuses: Vec<String>,
    include_archived: bool,
}

impl SessionFilter {
    /// An empty filter.
    pub fn new() -> Self {
        Self::default()
    }

    /// Selects the sessions of an agent.
    pub fn agent(mut self, id: &str) -> Self {
        self.agent = Some(id.to_owned());
        self
    }

    /// Selects the sessions with this status, such as `idle`, or with any other that is selected in the same way.
    pub fn status(mut self, status: &str) -> Self {
        self.statuses.push(status.to_owned());
        self
    }

    /// Includes archived sessions.
    pub fn include_archived(mut self) -> Self {
        self.include_archived = true;
        self
    }

    pub(crate) fn add_to(&self, path: RequestPath) -> RequestPath {
        let path = path.query("agent_id", self.agent.as_deref());
        let path = self.statuses.iter().fold(path, |path, status| path.query("statuses%5B%5D", Some(status)));
        path.query("include_archived", self.include_archived.then_some("true"))
    }
}
