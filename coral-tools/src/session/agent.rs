//! One agent of a session.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::budget::AgentBudget;
use super::option::OptionValue;
use super::provider::AgentProvider;
use super::runtime::Runtime;
use crate::json::DecodeError;
use crate::registry::{AgentTypeId, RegistryAgent, RegistrySource};
use crate::tool::Tool;
use crate::toolset::Toolset;

/// One agent of a session: its type in a registry, its provider, its options and its instructions.
///
/// ```
/// use coral_tools::{Agent, Runtime, coral_tool};
///
/// /// Submit a completed report to the application.
/// #[coral_tool]
/// fn submit_report(title: String) {}
///
/// let agent = Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker)
///     .named("report-writer")
///     .system_prompt("Write for people in a hurry.")
///     .option("MAX_ITERATIONS", 50)
///     .can_call::<submit_report>();
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    pub(crate) id: AgentTypeId,
    pub(super) provider: AgentProvider,
    pub(crate) name: String,
    pub(super) description: Option<String>,
    pub(super) system_prompt: Option<String>,
    pub(super) blocking: Option<bool>,
    pub(super) options: Vec<(String, OptionValue)>,
    /// Names of tools, each once.
    pub(super) tools: Vec<Cow<'static, str>>,
    pub(super) can_close_session: bool,
    pub(super) x402_budgets: Vec<X402Budget>,
    pub(super) proxies: Map<String, Value>,
    pub(super) budget: Option<AgentBudget>,
    pub(super) annotations: Map<String, Value>,
    pub(super) extra: Map<String, Value>,
    pub(super) registry_agent: Option<LoadedRegistryAgent>,
}

impl Agent {
    /// An agent of the type with exactly this `name` and `version` in a registry. It has the name of its type.
    #[must_use]
    pub fn new(
        source: RegistrySource,
        name: impl Into<String>,
        version: impl Into<String>,
        provider: AgentProvider,
    ) -> Self {
        let name = name.into();
        Self {
            id: AgentTypeId { source, name: name.clone(), version: version.into() },
            provider,
            name,
            description: None,
            system_prompt: None,
            blocking: None,
            options: Vec::new(),
            tools: Vec::new(),
            can_close_session: false,
            x402_budgets: Vec::new(),
            proxies: Map::new(),
            budget: None,
            annotations: Map::new(),
            extra: Map::new(),
            registry_agent: None,
        }
    }

    /// An agent from the server's own registry, run by the server.
    #[must_use]
    pub fn local(name: impl Into<String>, version: impl Into<String>, runtime: Runtime) -> Self {
        Self::new(RegistrySource::Local, name, version, AgentProvider::Local { runtime })
    }

    /// An agent from Coral's marketplace, run by the server.
    #[must_use]
    pub fn marketplace(name: impl Into<String>, version: impl Into<String>, runtime: Runtime) -> Self {
        Self::new(RegistrySource::Marketplace, name, version, AgentProvider::Local { runtime })
    }

    /// An agent from the registry of a linked server, run by that server. coral-server 1.2 accepts it but does not run
    /// it.
    #[must_use]
    pub fn linked(
        server: impl Into<String>,
        name: impl Into<String>,
        version: impl Into<String>,
        runtime: Runtime,
    ) -> Self {
        let server = server.into();
        let source = RegistrySource::Linked { linked_server_id: server.clone() };
        Self::new(source, name, version, AgentProvider::Linked { linked_server_name: server, runtime })
    }

    /// Sets its name in the session, by which other agents and the webhooks identify it. Names in a session are unique.
    /// Default: the name of its type.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the description that other agents see, instead of that of its type.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets additional instructions.
    #[must_use]
    pub fn system_prompt(mut self, prompt: impl Into<String>) -> Self {
        self.system_prompt = Some(prompt.into());
        self
    }

    /// Sets whether the other agents of its groups wait for it to connect, up to a minute.
    #[must_use]
    pub fn blocking(mut self, blocking: bool) -> Self {
        self.blocking = Some(blocking);
        self
    }

    /// Sets an option of its type. A repeated option replaces the value. Options reach the agent unchanged and can be
    /// read back from the server, so they are not a place for the application's own secrets.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>, value: impl Into<OptionValue>) -> Self {
        let name = name.into();
        self.options.retain(|(known, _)| *known != name);
        self.options.push((name, value.into()));
        self
    }

    /// Lets it call a tool, named by the type of its arguments, and the second tool of one that returns a [`Deferred`](crate::Deferred)
    /// or has an [approval policy](Toolset::with_approval), which returns its results. A toolset of the request must contain the tool.
    #[must_use]
    pub fn can_call<T: Tool>(self) -> Self {
        self.with_tool(T::NAME.into())
    }

    /// Lets it call every tool of a toolset.
    #[must_use]
    pub fn can_call_all<S>(self, tools: &Toolset<S>) -> Self {
        tools.descriptors().fold(self, |agent, tool| agent.can_call_named(tool.name()))
    }

    /// Lets it call a tool, by its name: for tools that are only known at run time. A toolset of the request must contain the
    /// tool.
    #[must_use]
    pub fn can_call_named(self, tool: impl Into<String>) -> Self {
        self.with_tool(tool.into().into())
    }

    fn with_tool(mut self, tool: Cow<'static, str>) -> Self {
        if !self.tools.contains(&tool) {
            self.tools.push(tool);
        }
        self
    }

    /// Lets it end the session with Coral's tool `coral_close_session`.
    #[must_use]
    pub fn can_close_session(mut self) -> Self {
        self.can_close_session = true;
        self
    }

    /// Adds a budget for a resource that is paid by x402. Servers up to coral-server 1.2 accept it but do not use it.
    #[must_use]
    pub fn x402_budget(mut self, budget: X402Budget) -> Self {
        self.x402_budgets.push(budget);
        self
    }

    /// Connects one of its type's model proxies, such as `MAIN`, to a model configured on the server. Since
    /// coral-server 1.2, which ignores names that the type does not have.
    #[must_use]
    pub fn proxy(mut self, name: impl Into<String>, proxy: ModelProxy) -> Self {
        let ModelProxy { configuration_name, model_name } = proxy;
        let proxy = [("configurationName", configuration_name), ("modelName", model_name)];
        self.proxies.insert(name.into(), proxy.into_iter().collect());
        self
    }

    /// Sets its budget, for servers after coral-server 1.2.
    #[must_use]
    pub fn budget(mut self, budget: AgentBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Sets an annotation, which the application finds again in the session's state. A repeated key replaces the value.
    #[must_use]
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into().into());
        self
    }

    /// Attaches its type as a registry describes it. Whenever the request is checked, the options, runtime and provider
    /// of the agent are checked against it. It is not sent.
    ///
    /// ```
    /// # use coral_tools::registry::RegistryAgent;
    /// # use coral_tools::{Agent, Runtime, SessionRequest, from_json};
    /// # let writer: RegistryAgent = from_json(br#"{"registryAgent": {
    /// #     "info": {"identifier": {"name": "writer", "version": "1.0.0"}}, "runtimes": {"docker": {}}
    /// # }}"#)?;
    /// let agent = Agent::local("writer", "1.0.0", Runtime::Docker).inspected(writer).option("STYLE", "plain");
    /// let errors = SessionRequest::in_namespace("default").agent(agent).check().unwrap_err();
    /// assert_eq!(errors.to_string(), "agent `writer`: its type has no option `STYLE`; available: none");
    /// # Ok::<(), coral_tools::DecodeError>(())
    /// ```
    #[must_use]
    pub fn inspected(mut self, registry_agent: impl Into<Arc<RegistryAgent>>) -> Self {
        self.registry_agent = Some(LoadedRegistryAgent(Ok(registry_agent.into())));
        self
    }

    /// Sets a field that this crate does not know. It is written unchanged, in every dialect.
    #[must_use]
    pub fn extra(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(key.into(), value.into());
        self
    }
}

/// The registry agent that an agent is checked against, or the reason why it could not be decoded.
#[derive(Clone, PartialEq)]
pub(crate) struct LoadedRegistryAgent(pub(crate) Result<Arc<RegistryAgent>, DecodeError>);

/// Only its id, because a registry agent fills pages.
impl fmt::Debug for LoadedRegistryAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(registry_agent) => write!(f, "LoadedRegistryAgent({:?}, …)", registry_agent.id),
            Err(error) => write!(f, "LoadedRegistryAgent({error:?})"),
        }
    }
}

/// A model that is configured on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelProxy {
    /// The server's name for the provider, such as `my-openai`.
    pub configuration_name: String,
    /// The provider's name for the model, such as `gpt-4.1`.
    pub model_name: String,
}

impl ModelProxy {
    /// A model by the server's name for its provider, such as `my-openai`, and the provider's name for it, such as
    /// `gpt-4.1`.
    #[must_use]
    pub fn new(configuration_name: impl Into<String>, model_name: impl Into<String>) -> Self {
        Self { configuration_name: configuration_name.into(), model_name: model_name.into() }
    }
}

/// A budget for a resource that is paid by x402.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct X402Budget {
    /// The priority among several budgets for the resource; the highest is spent first. Default: 0.
    pub priority: i32,
    /// The resource.
    pub resource: String,
    /// The remaining budget, in atomic units of the resource.
    pub remaining_budget: u64,
}

impl X402Budget {
    /// A budget of `remaining_budget` atomic units of `resource`, with priority 0.
    #[must_use]
    pub fn new(resource: impl Into<String>, remaining_budget: u64) -> Self {
        Self { priority: 0, resource: resource.into(), remaining_budget }
    }

    /// Sets the priority among several budgets for the resource; the highest is spent first. Default: 0.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }
}
