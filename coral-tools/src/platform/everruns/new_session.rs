//! The request for a new session.

use serde_json::{Map, Value};

use crate::build_error::BuildErrors;
use crate::platform::everruns::client_tools::ClientToolDefinitions;
use crate::platform::everruns::session_options::{Capability, InitialFile, NetworkAccess, SessionSource};
use crate::toolset::Toolset;

/// The request for a session, `POST /v1/sessions`. The platform chooses every option that is not set.
///
/// ```
/// use coral_tools::platform::everruns::NewSession;
/// use coral_tools::{Toolset, coral_tool, toolset};
///
/// /// Looks up an order.
/// #[coral_tool]
/// fn lookup_order(
///     /// The order number.
///     number: String,
/// ) -> String {
///     format!("{number} is on its way")
/// }
///
/// let tools: Toolset = toolset![lookup_order];
/// let request = NewSession::with_agent("agent_01933b5a000070008000000000000001").tools(&tools).title("Orders").tag("shop");
/// println!("{:#}", request.to_json()?);
/// # Ok::<(), coral_tools::BuildErrors>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct NewSession {
    pub(super) agent: Option<IdOrName>,
    pub(super) harness: Option<IdOrName>,
    pub(super) tools: Option<Result<ClientToolDefinitions, BuildErrors>>,
    pub(super) hints: Map<String, Value>,
    pub(super) capabilities: Vec<Capability>,
    pub(super) files: Vec<InitialFile>,
    pub(super) mcp_servers: Map<String, Value>,
    /// Fields with a value of their own, such as `title` and `model_id`.
    pub(super) plain: Map<String, Value>,
    pub(super) tags: Vec<String>,
    pub(super) extra: Map<String, Value>,
    pub(super) reason: Option<String>,
}

/// Refers to an agent or a harness.
#[derive(Debug, Clone)]
pub(super) enum IdOrName {
    Id(String),
    Name(String),
}

impl NewSession {
    /// A session of the agent with this id: `agent_` and 32 hexadecimal digits.
    pub fn with_agent(id: impl Into<String>) -> Self {
        Self { agent: Some(IdOrName::Id(id.into())), ..Self::default() }
    }

    /// A session of the organization's agent with this name, such as `order-desk`.
    pub fn with_agent_name(name: impl Into<String>) -> Self {
        Self { agent: Some(IdOrName::Name(name.into())), ..Self::default() }
    }

    /// A session without an agent, with the model and its harness alone.
    pub fn without_agent() -> Self {
        Self::default()
    }

    /// Sets the harness by its id. Replaces a harness that was set before. Default: the agent's.
    pub fn harness(mut self, id: impl Into<String>) -> Self {
        self.harness = Some(IdOrName::Id(id.into()));
        self
    }

    /// Sets the harness by its name, such as `generic`. Replaces a harness that was set before. Default: the agent's.
    pub fn harness_name(mut self, name: impl Into<String>) -> Self {
        self.harness = Some(IdOrName::Name(name.into()));
        self
    }

    /// The client-side tools of the session, in addition to the agent's own tools. Also sets the hint `setup_connection`:
    /// without it Everruns requests calls but does not wait for their results.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        self.tools = Some(tools.everruns_tools());
        self
    }

    /// A hint to the platform about the features of this client.
    pub fn hint(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.hints.insert(name.into(), value.into());
        self
    }

    /// Adds a capability to those of the agent.
    pub fn capability(mut self, capability: Capability) -> Self {
        self.capabilities.push(capability);
        self
    }

    /// The id of the model. Default: the agent's.
    pub fn model(self, id: impl Into<String>) -> Self {
        self.plain("model_id", id.into())
    }

    /// Adds a tag, for searching sessions.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// A title for users.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.plain("title", title.into())
    }

    /// Whether the model may request several calls in one step. Default: the model decides.
    pub fn parallel_tool_calls(self, may: bool) -> Self {
        self.plain("parallel_tool_calls", may)
    }

    /// Instructions for the model, which precede the agent's.
    pub fn system_prompt(self, prompt: impl Into<String>) -> Self {
        self.plain("system_prompt", prompt.into())
    }

    /// The largest number of model requests in one turn. Each round of tool calls is one.
    pub fn max_iterations(self, times: u32) -> Self {
        self.plain("max_iterations", times)
    }

    /// The language of the session, as a BCP 47 tag such as `uk-UA`.
    pub fn locale(self, locale: impl Into<String>) -> Self {
        self.plain("locale", locale.into())
    }

    /// Adds a file to the workspace before the session starts.
    pub fn initial_file(mut self, file: InitialFile) -> Self {
        self.files.push(file);
        self
    }

    /// Adds a remote MCP server for this session: its name, and its entry in the `mcpServers` of MCP clients, such as
    /// `{"type": "http", "url": "https://…"}`.
    pub fn mcp_server(mut self, name: impl Into<String>, server: Value) -> Self {
        self.mcp_servers.insert(name.into(), server);
        self
    }

    /// The hosts that the session may connect to.
    pub fn network_access(self, access: &NetworkAccess) -> Self {
        self.plain("network_access", access.to_json())
    }

    /// The id of an existing workspace. Default: a new workspace.
    pub fn workspace(self, id: impl Into<String>) -> Self {
        self.plain("workspace_id", id.into())
    }

    /// The id of the identity that the agent uses without a user. Newer servers call it a
    /// [virtual user](Self::virtual_user).
    pub fn agent_identity(self, id: impl Into<String>) -> Self {
        self.plain("agent_identity_id", id.into())
    }

    /// The id of the virtual user: the name of newer servers for the [agent identity](Self::agent_identity).
    pub fn virtual_user(self, id: impl Into<String>) -> Self {
        self.plain("virtual_user_id", id.into())
    }

    /// Where the session comes from. Default: [`SessionSource::Api`].
    pub fn source(self, source: SessionSource) -> Self {
        self.plain("source", source.as_str())
    }

    /// Why the session is created, for the platform's audit~history. At most 1000 characters.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds a field of newer servers that has no method here.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    fn plain(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.plain.insert(name.to_owned(), value.into());
        self
    }

    /// The tools, if there are any and they are valid.
    pub(super) fn client_tools(&self) -> Option<&ClientToolDefinitions> {
        self.tools.as_ref()?.as_ref().ok().filter(|tools| !tools.is_empty())
    }
}
