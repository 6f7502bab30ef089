//! Which sessions are listed.

use crate::api::RequestPath;

/// Which sessions are listed.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct SessionFilter {
    agent: Option<String>,
    statuses: Vec<String>,
    with_archived: bool,
}

impl SessionFilter {
    /// All that are not archived.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of an agent.
    pub fn agent(mut self, id: &str) -> Self {
        self.agent = Some(id.to_owned());
        self
    }

    /// Those in this status, such as `idle`, or any other that is named so.
    pub fn status(mut self, status: &str) -> Self {
        self.statuses.push(status.to_owned());
        self
    }

    /// Archived ones, too.
    pub fn with_archived(mut self) -> Self {
        self.with_archived = true;
        self
    }

    pub(crate) fn on(&self, path: RequestPath) -> RequestPath {
        let path = path.query("agent_id", self.agent.as_deref());
        let path = self.statuses.iter().fold(path, |path, status| path.query("statuses%5B%5D", Some(status)));
        path.query("include_archived", self.with_archived.then_some("true"))
    }
}
