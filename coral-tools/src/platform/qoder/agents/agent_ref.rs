//! Which agent a session is of.

use serde_json::Value;

use crate::build_error::{BuildError, BuildErrors};
use crate::platform::qoder::agents::Agent;
use crate::platform::qoder::body::Written;
use crate::toolset::Toolset;

/// Which agent a session is of: an id will do.
#[derive(Debug, Clone)]
#[must_use]
pub struct AgentRef {
    id: String,
    version: Option<u64>,
    overrides: Option<Written>,
}

impl AgentRef {
    /// The agent as it is when the session is made.
    pub fn id(id: &str) -> Self {
        Self { id: id.to_owned(), version: None, overrides: None }
    }

    /// As it was in this version.
    pub fn version(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }

    /// With these tools of the application instead of its own. Qoder's documents contradict each other about whether sessions
    /// may have tools of their own; that agents have them is certain.
    pub fn with_tools<S>(mut self, tools: &Toolset<S>) -> Self {
        let written = self.overrides.get_or_insert_with(|| Written::new("the agent"));
        let tools = written.tools(tools.qoder_tools());
        written.set("tools", tools);
        self
    }

    /// With another `system`, `model`, `mcp_servers` or `skills` in this session, or `tools` as they are written.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        let written = self.overrides.get_or_insert_with(|| Written::new("the agent"));
        written.extra(key, value, &["id", "type", "version"]);
        self
    }

    pub(crate) fn to_json(&self) -> Result<Value, BuildErrors> {
        if self.id.is_empty() {
            return Err(BuildError::new("the agent", "its id is empty").into());
        }
        let mut written = match (&self.overrides, self.version) {
            (None, None) => return Ok(self.id.as_str().into()),
            (None, Some(_)) => Written::new("the agent"),
            (Some(overrides), _) => overrides.clone(),
        };
        written.set("id", self.id.as_str());
        written.set("type", if self.overrides.is_some() { "agent_with_overrides" } else { "agent" });
        if let Some(version) = self.version {
            written.set("version", version);
        }
        written.into_json()
    }
}

impl From<&str> for AgentRef {
    fn from(id: &str) -> Self {
        Self::id(id)
    }
}

impl From<&String> for AgentRef {
    fn from(id: &String) -> Self {
        Self::id(id)
    }
}

impl From<&Agent> for AgentRef {
    fn from(agent: &Agent) -> Self {
        Self::id(&agent.id)
    }
}
