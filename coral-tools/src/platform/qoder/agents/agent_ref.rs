//! The agent of a new session.

use serde_json::Value;

use crate::build_error::{BuildError, BuildErrors};
use crate::platform::qoder::agents::agent::Agent;
use crate::platform::qoder::body::BodyBuilder;
use crate::toolset::Toolset;

/// The agent of a new session: an id, optionally with a version, and with fields that differ in this session. An id as `&str`,
/// or an [`Agent`], converts into it.
#[derive(Debug, Clone)]
#[must_use]
pub struct AgentRef {
    id: String,
    version: Option<u64>,
    overrides: Option<BodyBuilder>,
}

impl AgentRef {
    /// The version of the agent that is current when the session is created.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), version: None, overrides: None }
    }

    /// Selects a version of the agent.
    pub fn version(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }

    /// Replaces the agent's tools in this session. Qoder's documents contradict each other about whether a session may have tools
    /// of its own; tools of the agent always work.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        let overrides = self.overrides_mut();
        let tools = overrides.tool_definitions(tools);
        overrides.set("tools", tools);
        self
    }

    /// Replaces another field of the agent in this session: `system`, `model`, `mcp_servers`, `skills`, or `tools` as JSON.
    pub fn override_field(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.overrides_mut().extra(key, value, &["id", "type", "version"]);
        self
    }

    fn overrides_mut(&mut self) -> &mut BodyBuilder {
        self.overrides.get_or_insert_with(|| BodyBuilder::new("the agent"))
    }

    pub(crate) fn to_json(&self) -> Result<Value, BuildErrors> {
        if self.id.is_empty() {
            return Err(BuildError::new("the agent", "the id is empty").into());
        }
        let (mut body, kind) = match (&self.overrides, self.version) {
            (None, None) => return Ok(self.id.as_str().into()),
            (None, Some(_)) => (BodyBuilder::new("the agent"), "agent"),
            (Some(overrides), _) => (overrides.clone(), "agent_with_overrides"),
        };
        body.set("id", self.id.as_str());
        body.set("type", kind);
        if let Some(version) = self.version {
            body.set("version", version);
        }
        body.finish()
    }
}

impl From<&str> for AgentRef {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<&String> for AgentRef {
    fn from(id: &String) -> Self {
        Self::new(id)
    }
}

impl From<&Agent> for AgentRef {
    fn from(agent: &Agent) -> Self {
        Self::new(&agent.id)
    }
}
