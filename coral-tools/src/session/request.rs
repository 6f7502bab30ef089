//! The request that creates a session.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::agent::Agent;
use super::base_url::BaseUrl;
use super::binding::Binding;
#[cfg(feature = "client")]
use super::binding::default_lifetime;
use super::budget::SessionBudget;
use super::custom_tools::CustomTools;
use super::namespace::{NamespaceProvider, NewNamespace};
use super::settings::{RuntimeSettings, SessionEndTarget};
use crate::build_error::BuildErrors;
use crate::claim::{ClaimKeys, ClaimValue};
use crate::toolset::Toolset;

/// A request that creates a session: its agents, their groups, the tools that they can call, and the settings of the
/// session.
///
/// ```
/// use std::time::Duration;
///
/// use coral_tools::{Agent, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};
///
/// /// Submit a completed report to the application.
/// #[coral_tool]
/// fn submit_report(title: String, content: String) {}
///
/// let tools: Toolset = toolset![submit_report];
/// let request = SessionRequest::in_namespace("default")
///     .agent(
///         Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker)
///             .named("report-writer")
///             .option("EXTRA_USER_PROMPT", "Analyze Q4 sales data")
///             .can_call::<submit_report>(),
///     )
///     .group(["report-writer"])
///     .tools(&tools, "https://your-app.example/coral")
///     .ttl(Duration::from_secs(300));
///
/// let body = request.to_json(Dialect::Server1_2)?;
/// assert_eq!(body["agentGraphRequest"]["agents"][0]["customToolAccess"][0], "submit_report");
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
///
/// A request is only checked by [`check`](Self::check) and [`to_json`](Self::to_json), which report all problems at
/// once:
///
/// ```
/// # use coral_tools::{Agent, Runtime, SessionRequest};
/// let twice = SessionRequest::in_namespace("")
///     .agent(Agent::local("writer", "1.0.0", Runtime::Docker))
///     .agent(Agent::local("writer", "1.0.0", Runtime::Docker))
///     .group(["writer", "reader"]);
/// let errors = twice.check().unwrap_err();
/// assert_eq!(
///     errors.to_string(),
///     "agent `writer`: two agents have this name; rename one with `Agent::named`\n\
///      group 1: `reader` is not an agent of this session\n\
///      namespace ``: its name is empty"
/// );
/// ```
#[derive(Debug, Clone)]
pub struct SessionRequest {
    pub(super) namespace: NamespaceProvider,
    pub(crate) agents: Vec<Agent>,
    pub(super) groups: Vec<Vec<String>>,
    pub(super) tools: Vec<Result<CustomTools, BuildErrors>>,
    pub(super) binding: Option<Binding>,
    pub(super) claim_lifetime: Option<Duration>,
    pub(crate) deferred: bool,
    pub(super) settings: RuntimeSettings,
    pub(super) budget: Option<SessionBudget>,
    pub(super) annotations: Map<String, Value>,
    pub(super) extra: Map<String, Value>,
}

impl SessionRequest {
    /// A session in the namespace of this name, which is created if it does not exist.
    #[must_use]
    pub fn in_namespace(namespace: impl Into<NewNamespace>) -> Self {
        Self::new(NamespaceProvider::CreateIfNotExists(namespace.into()))
    }

    /// A session in an existing namespace. The server returns 404 if the namespace does not exist.
    #[must_use]
    pub fn in_existing_namespace(name: impl Into<String>) -> Self {
        Self::new(NamespaceProvider::UseExisting(name.into()))
    }

    fn new(namespace: NamespaceProvider) -> Self {
        Self {
            namespace,
            agents: Vec::new(),
            groups: Vec::new(),
            tools: Vec::new(),
            binding: None,
            claim_lifetime: None,
            deferred: false,
            settings: RuntimeSettings::new(),
            budget: None,
            annotations: Map::new(),
            extra: Map::new(),
        }
    }

    /// The name of the namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.namespace.name()
    }

    /// Adds an agent.
    #[must_use]
    pub fn agent(mut self, agent: Agent) -> Self {
        self.agents.push(agent);
        self
    }

    /// Adds several agents.
    #[must_use]
    pub fn agents(mut self, agents: impl IntoIterator<Item = Agent>) -> Self {
        self.agents.extend(agents);
        self
    }

    /// Adds a group of agents, by their names. Agents can see only agents that they share a group with.
    #[must_use]
    pub fn group<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.groups.push(names.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a group of all agents that were added before, so that each of them can see all others.
    ///
    /// ```
    /// use coral_tools::{Agent, Dialect, Runtime, SessionRequest};
    ///
    /// let team = ["planner", "writer", "critic"].map(|name| Agent::local(name, "1.0.0", Runtime::Docker));
    /// let body = SessionRequest::in_namespace("default").agents(team).group_all().to_json(Dialect::Server1_2)?;
    /// assert_eq!(body["agentGraphRequest"]["groups"], serde_json::json!([["planner", "writer", "critic"]]));
    /// # Ok::<(), coral_tools::BuildErrors>(())
    /// ```
    #[must_use]
    pub fn group_all(self) -> Self {
        let names: Vec<_> = self.agents.iter().map(|agent| agent.name.clone()).collect();
        self.group(names)
    }

    /// Adds the tools of a toolset, which Coral calls at `base_url`: the public URL at which the webhooks are nested.
    /// Use [`Agent::can_call`] to let an agent call a tool. Repeated calls add more toolsets.
    ///
    /// If the toolset has a [store](Toolset::with_store), the created `Session` can [await its calls](crate::calls).
    #[must_use]
    pub fn tools<S, U>(mut self, tools: &Toolset<S>, base_url: U) -> Self
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        self.tools.push(tools.custom_tools(base_url));
        self
    }

    /// As [`tools`](Self::tools), with [`CustomTools`] built before.
    #[must_use]
    pub fn custom_tools(mut self, tools: CustomTools) -> Self {
        self.tools.push(Ok(tools));
        self
    }

    /// Binds the tools to a value, usually the id of the session's user: each URL gets a signed claim, from which a tool reads the
    /// value as [`Bound<T>`](crate::claim). All tools of the request have the base URL that `keys` are for.
    ///
    /// The value is at most 1 KiB of JSON, and not encrypted. A claim expires 60 s after the session's [`ttl`](Self::ttl), or after 24 h if
    /// the request has none; [`claims_expire_after`](Self::claims_expire_after) sets another time. The guide
    /// [*Mapping sessions to users*](https://docs.rs/coral-tools/latest/coral_tools/guides/users/) describes what a claim protects from.
    ///
    /// ```
    /// # use coral_tools::{Agent, ClaimKey, ClaimKeys, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};
    /// # /// Deletes the account.
    /// # #[coral_tool]
    /// # fn delete_account() {}
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tools: Toolset = toolset![delete_account];
    /// # let claim_keys = ClaimKeys::new("https://your-app.example/coral", ClaimKey::new("1", "0".repeat(64))?)?;
    /// # let writer = Agent::local("writer", "1.0.0", Runtime::Docker).can_call::<delete_account>();
    /// let request = SessionRequest::in_namespace("default")
    ///     .agent(writer)
    ///     .tools(&tools, "https://your-app.example/coral")
    ///     .bound_to(&claim_keys, "user-7");
    /// let body = request.to_json(Dialect::Server1_2)?;
    /// let url = &body["agentGraphRequest"]["customTools"]["delete_account"]["transport"]["url"];
    /// assert!(url.as_str().unwrap().starts_with("https://your-app.example/coral/delete_account?coral-claim=1."));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn bound_to<T: Serialize + ?Sized>(mut self, keys: &ClaimKeys, value: &T) -> Self {
        self.binding = Some(Binding { keys: keys.clone(), value: ClaimValue::new(value).map_err(Into::into) });
        self
    }

    /// Sets how long the claims of [`bound_to`](Self::bound_to) are valid, in whole seconds. It begins when the request is sent, also
    /// for a [`deferred`](Self::deferred) session, which needs a longer time.
    #[must_use]
    pub fn claims_expire_after(mut self, lifetime: Duration) -> Self {
        self.claim_lifetime = Some(lifetime);
        self
    }

    /// Creates the session without executing it. It takes its [`RuntimeSettings`] when it is executed, and has no time to live
    /// before that.
    #[must_use]
    pub fn deferred(mut self) -> Self {
        self.deferred = true;
        self
    }

    /// The names of the fields that this crate does not know.
    #[cfg(feature = "client")]
    pub(crate) fn extra_fields(&self) -> impl Iterator<Item = &str> {
        let of_agents = self.agents.iter().flat_map(|agent| agent.extra.keys());
        self.extra.keys().chain(of_agents).map(String::as_str)
    }

    /// The URLs at which the server calls tools, by name.
    #[cfg(feature = "client")]
    pub(crate) fn tool_urls(&self) -> impl Iterator<Item = (&str, BaseUrl)> {
        self.tools.iter().flatten().flat_map(CustomTools::urls)
    }

    /// The URL of the session-end webhook, unless it is derived from that of the tools.
    #[cfg(feature = "client")]
    pub(crate) fn session_end_url(&self) -> Option<&BaseUrl> {
        match &self.settings.session_end {
            Some(SessionEndTarget::At(Ok(url))) => Some(url),
            _ => None,
        }
    }

    /// Adds a parameter to the query of the URLs of the tools and of the session-end webhook. A tool with a URL of its own keeps it.
    #[cfg(feature = "client")]
    pub(crate) fn with_url_parameter(mut self, key: &str, value: &str) -> Self {
        for tools in self.tools.iter_mut().flatten() {
            *tools = tools.at(tools.base_url().with_parameter(key, value));
        }
        if let Some(SessionEndTarget::At(Ok(url))) = &mut self.settings.session_end {
            *url = url.with_parameter(key, value);
        }
        self
    }

    /// The time to live of the session.
    #[cfg(feature = "client")]
    pub(crate) fn time_to_live(&self) -> Option<Duration> {
        self.settings.ttl
    }

    /// Splits the request into that for a deferred session and the settings to execute it with.
    #[cfg(feature = "client")]
    pub(crate) fn into_deferred(mut self) -> (Self, RuntimeSettings) {
        self.claim_lifetime.get_or_insert(default_lifetime(self.settings.ttl));
        let mut settings = std::mem::take(&mut self.settings);
        if settings.session_end == Some(SessionEndTarget::BesideTools)
            && let Some(Ok(tools)) = self.tools.first()
        {
            settings = settings.session_end_webhook(tools.base_url());
        }
        (self.deferred(), settings)
    }

    /// Sets the runtime settings, replacing those set before.
    #[must_use]
    pub fn settings(mut self, settings: RuntimeSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Ends the session after this time, at least 1 ms.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.settings = self.settings.ttl(ttl);
        self
    }

    /// Keeps the session's state for this time after its end.
    #[must_use]
    pub fn hold_after_exit(mut self, time: Duration) -> Self {
        self.settings = self.settings.hold_after_exit(time);
        self
    }

    /// Sets whether the report of the session's end contains its agents, threads and messages. Default: `false`.
    #[must_use]
    pub fn extended_end_report(mut self, extended: bool) -> Self {
        self.settings = self.settings.extended_end_report(extended);
        self
    }

    /// Sends the report of the session's end to `session-end` below the base URL of the first toolset; see
    /// [`SessionEndReport::PATH`](crate::SessionEndReport::PATH). Coral signs it with a secret of its own.
    #[must_use]
    pub fn session_end_webhook(mut self) -> Self {
        self.settings.session_end = Some(SessionEndTarget::BesideTools);
        self
    }

    /// Sends the report of the session's end to exactly this absolute URL: `https`, or `http` on this machine.
    #[must_use]
    pub fn session_end_webhook_at<U>(mut self, url: U) -> Self
    where
        U: TryInto<BaseUrl>,
        U::Error: Into<BuildErrors>,
    {
        self.settings = self.settings.session_end_webhook_at(url);
        self
    }

    /// Sets the budget of the session, for servers after coral-server 1.2.
    #[must_use]
    pub fn budget(mut self, budget: SessionBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Sets an annotation, by which the application can find the session. A repeated key replaces the value.
    #[must_use]
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into().into());
        self
    }

    /// Sets a field that this crate does not know. It is written unchanged, in every dialect.
    #[must_use]
    pub fn extra(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(key.into(), value.into());
        self
    }
}
