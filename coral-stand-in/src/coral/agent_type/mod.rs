//! Agent types that an application declares for its tests.

mod option;

use coral_tools::Runtime;
use serde_json::{Map, Value, json};

pub use self::option::AgentOption;
use super::agents::{McpClient, ProgramSettings};

/// An agent type of the registry.
///
/// A value of the type [`Value`] is the JSON of a type as servers return it, a `RestrictedRegistryAgent`; only
/// `registryAgent.info.identifier` is required, and an entry of `registryAgent.runtimes` for its agents to run.
///
/// ```
/// use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn};
/// use coral_tools::registry::ScalarType;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let writer = AgentType::local("writer", "1.0.0")
///     .description("Writes reports.")
///     .option("TITLE", AgentOption::text().required())
///     .option("PAGES", AgentOption::of(ScalarType::U32).default(3).min(1).max(20));
/// let coral = CoralStandIn::builder().agent(writer, |agent| async move {
///     let title = agent.options()["TITLE"].clone();
///     agent.call_tool("submit_report", serde_json::json!({"title": title})).await;
/// });
/// coral.start().await?.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct AgentType {
    json: Value,
    program: ProgramSettings,
}

impl AgentType {
    /// An agent type of the local registry, without options, that runs in every runtime but `prototype`.
    pub fn local(name: &str, version: &str) -> Self {
        Self::new(name, version, &json!({"type": "local"}))
    }

    /// An agent type of the marketplace.
    pub fn marketplace(name: &str, version: &str) -> Self {
        Self::new(name, version, &json!({"type": "marketplace"}))
    }

    fn new(name: &str, version: &str, source: &Value) -> Self {
        let identifier = json!({"name": name, "version": version, "registrySourceId": source});
        let runtimes = json!({"executable": {}, "docker": {}, "function": {}});
        json!({"registryAgent": {"info": {"identifier": identifier}, "runtimes": runtimes}}).into()
    }

    /// Sets the description, which other agents and clients read.
    pub fn description(mut self, text: &str) -> Self {
        self.json["registryAgent"]["info"]["description"] = text.into();
        self
    }

    /// Sets the runtimes that the agents may request. Default: `executable`, `docker` and `function`.
    pub fn runtimes(mut self, runtimes: impl IntoIterator<Item = Runtime>) -> Self {
        let runtimes: Map<String, Value> =
            runtimes.into_iter().map(|runtime| (runtime.name().to_owned(), json!({}))).collect();
        self.json["registryAgent"]["runtimes"] = runtimes.into();
        self
    }

    /// Adds an option. Requests with other options are rejected.
    pub fn option(mut self, name: &str, option: AgentOption) -> Self {
        self.json["registryAgent"]["options"][name] = option.into_json();
        self
    }

    /// Sets the MCP client of the agents. Default: [`McpClient::Lenient`].
    pub fn mcp_client(mut self, client: McpClient) -> Self {
        self.program.mcp_client = client;
        self
    }

    /// Lets the agents' programs ignore SIGTERM, as a shell script does that starts a program without `exec`.
    ///
    /// The server waits for such a program: responses to requests that close its session, stop the agent or delete the namespace
    /// arrive when its script has ended, and agents after it in the request continue until then. Only programs of the runtime
    /// `executable` receive SIGTERM.
    pub fn ignore_sigterm(mut self) -> Self {
        self.program.ignores_sigterm = true;
        self
    }

    pub(super) fn into_parts(self) -> (Value, ProgramSettings) {
        (self.json, self.program)
    }
}

impl From<Value> for AgentType {
    fn from(json: Value) -> Self {
        Self { json, program: ProgramSettings::default() }
    }
}
