//! Agents: made, changed, found.

use serde_json::{Map, Value, json};

use super::client::Qoder;
use super::tools::{QoderTools, faults};
use super::view::Agent;
use super::written::{Metadata, Written};
use crate::api::{ClientError, Path};
use crate::build_error::{BuildError, BuildErrors};
use crate::toolset::Toolset;

const CHANGING: &str = "changing an agent";
/// Turns on every built-in tool where it names none.
const BUILT_IN: &str = "agent_toolset_20260401";

/// An agent to be made.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewAgent {
    written: Written,
    tools: Vec<Value>,
    metadata: Metadata,
}

impl NewAgent {
    /// An agent of this name, of 1 to 256 characters, and model.
    pub fn new(name: &str, model: impl Into<Value>) -> Self {
        let mut written = Written::new("the agent");
        written.set("name", name);
        written.set("model", model);
        if name.is_empty() || name.chars().count() > 256 {
            written.fault("its name has 1 to 256 characters");
        }
        Self { written, tools: Vec::new(), metadata: Metadata::default() }
    }

    /// What it is told before everything else.
    pub fn system(mut self, text: &str) -> Self {
        self.written.set("system", text);
        self
    }

    /// What it is for.
    pub fn description(mut self, text: &str) -> Self {
        self.written.set("description", text);
        self
    }

    /// The application's tools.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        self.tools.extend(self.written.tools(tools.qoder_tools()));
        self
    }

    /// The application's tools, as [`Toolset::qoder_tools_in`] has written them.
    pub fn custom_tools(mut self, tools: QoderTools) -> Self {
        self.tools.extend(tools.into_values());
        self
    }

    /// Some of Qoder's own tools, such as `Bash` and `Read`.
    pub fn built_in<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        if names.is_empty() {
            self.written.fault("no built-in tool is named, which to Qoder means all of them");
        }
        self.tools.push(json!({"type": BUILT_IN, "enabled_tools": names}));
        self
    }

    /// A tool of any other kind, as it is written.
    pub fn other_tool(mut self, tool: Value) -> Self {
        self.tools.push(tool);
        self
    }

    /// Something to keep with it: at most 16 pairs, of 64 and 512 characters.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.metadata.set(key, value);
        self
    }

    /// A field that this version does not know.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.written.extra(key, value, &["name", "model", "system", "description", "tools", "metadata"]);
        self
    }

    /// The request's body.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        let mut written = self.written.clone();
        written.faults.extend(faults(custom_names(&self.tools)));
        if !self.tools.is_empty() {
            written.set("tools", self.tools.clone());
        }
        written.metadata(&self.metadata);
        written.into_json()
    }
}

/// A change of an agent. Sessions that there are keep the agent as it was.
#[derive(Debug, Clone)]
#[must_use]
pub struct AgentChange {
    written: Written,
    tools: Option<QoderTools>,
    removed: Vec<String>,
    metadata: Map<String, Value>,
}

impl Default for AgentChange {
    fn default() -> Self {
        Self { written: Written::new("the agent"), tools: None, removed: Vec::new(), metadata: Map::new() }
    }
}

impl AgentChange {
    /// Nothing is changed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    pub fn name(mut self, name: &str) -> Self {
        self.written.set("name", name);
        self
    }

    /// Another model.
    pub fn model(mut self, model: impl Into<Value>) -> Self {
        self.written.set("model", model);
        self
    }

    /// What it is told before everything else.
    pub fn system(mut self, text: &str) -> Self {
        self.written.set("system", text);
        self
    }

    /// What it is for.
    pub fn description(mut self, text: &str) -> Self {
        self.written.set("description", text);
        self
    }

    /// The application's tools: those of their names are replaced, all others stay.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        match tools.qoder_tools() {
            Ok(tools) => self.tools = Some(tools),
            Err(errors) => self.written.faults.extend(errors.iter().cloned()),
        }
        self
    }

    /// As [`tools`](Self::tools), as [`Toolset::qoder_tools_in`] has written them.
    pub fn custom_tools(mut self, tools: QoderTools) -> Self {
        self.tools = Some(tools);
        self
    }

    /// A custom tool that the agent is to have no longer.
    pub fn without_tool(mut self, name: &str) -> Self {
        self.removed.push(name.to_owned());
        self
    }

    /// Keeps something with it, or nothing any more.
    pub fn metadata(mut self, key: &str, value: Option<&str>) -> Self {
        self.metadata.insert(key.to_owned(), value.map_or(Value::Null, Value::from));
        self
    }

    /// A field that this version does not know.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        let known = ["name", "model", "system", "description", "tools", "metadata", "version"];
        self.written.extra(key, value, &known);
        self
    }

    /// The change to `agent`: lists are replaced as a whole, so what others have put there is written again.
    fn to(&self, agent: &Agent) -> Result<Value, BuildErrors> {
        let mut written = self.written.clone();
        match agent.version {
            Some(version) => written.set("version", version),
            None => written.fault("Qoder did not say its version, without which it cannot be changed"),
        }
        let is_removed = |tool: &Value| {
            let name = tool.get("name").and_then(Value::as_str);
            tool.get("type").is_some_and(|kind| kind == "custom")
                && name.is_some_and(|name| self.removed.iter().any(|removed| removed == name))
        };
        if self.tools.is_some() || !self.removed.is_empty() {
            let kept: Vec<Value> = agent.tools.iter().filter(|tool| !is_removed(tool)).cloned().collect();
            let all = self.tools.as_ref().map_or(kept.clone(), |tools| tools.added_to(&kept));
            written.faults.extend(faults(custom_names(&all)));
            written.set("tools", all);
        }
        if !self.metadata.is_empty() {
            written.set("metadata", self.metadata.clone());
        }
        written.into_json()
    }
}

impl Qoder {
    /// Makes an agent.
    ///
    /// # Errors
    ///
    /// Where it is wrong, or Qoder refuses it.
    pub async fn create_agent(&self, agent: &NewAgent) -> Result<Agent, ClientError> {
        const DOING: &str = "making an agent";
        let body = agent.to_json().map_err(|errors| ClientError::request(DOING, errors))?;
        self.make(DOING, Path::new("agents"), &body).await
    }

    /// The agent of this id as it is now.
    ///
    /// # Errors
    ///
    /// Where there is none: [`ClientError::is_not_found`].
    pub async fn agent(&self, id: &str) -> Result<Agent, ClientError> {
        self.retrieve("reading an agent", agent_path(id)).await
    }

    /// The agent of this id as it was in a version.
    ///
    /// # Errors
    ///
    /// Where there is no such agent or version.
    pub async fn agent_version(&self, id: &str, version: u64) -> Result<Agent, ClientError> {
        self.retrieve("reading an agent", agent_path(id).query("version", Some(&version.to_string()))).await
    }

    /// Every agent that is not archived.
    ///
    /// # Errors
    ///
    /// Where Qoder does not give the list.
    pub async fn agents(&self) -> Result<Vec<Agent>, ClientError> {
        self.list("listing agents", Path::new("agents")).await
    }

    /// Changes an agent, keeping what the change does not speak of. If somebody else changes it meanwhile, this is done once
    /// more, to what they have made of it.
    ///
    /// # Errors
    ///
    /// Where there is no such agent, the change is wrong, or somebody changed it twice (409).
    pub async fn update_agent(&self, id: &str, change: &AgentChange) -> Result<Agent, ClientError> {
        match self.change_agent(id, change).await {
            Err(error) if error.status() == Some(409) => self.change_agent(id, change).await,
            done => done,
        }
    }

    async fn change_agent(&self, id: &str, change: &AgentChange) -> Result<Agent, ClientError> {
        let agent = self.agent(id).await?;
        let body = change.to(&agent).map_err(|errors| ClientError::request(CHANGING, errors))?;
        self.make(CHANGING, agent_path(id), &body).await
    }

    /// Puts an agent away; sessions that there are go on.
    ///
    /// # Errors
    ///
    /// Where there is no such agent.
    pub async fn archive_agent(&self, id: &str) -> Result<Agent, ClientError> {
        self.make("archiving an agent", agent_path(id).then("archive"), &json!({})).await
    }
}

fn agent_path(id: &str) -> Path {
    Path::new("agents").named("agent", id)
}

fn custom_names(tools: &[Value]) -> impl Iterator<Item = &str> {
    let custom = tools.iter().filter(|tool| tool.get("type").is_some_and(|kind| kind == "custom"));
    custom.filter_map(|tool| tool.get("name").and_then(Value::as_str))
}

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

    pub(super) fn to_json(&self) -> Result<Value, BuildErrors> {
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
