//! What a new session is to be.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::check;
use super::client_tools::ClientTools;
use super::session_options::{Capability, InitialFile, NetworkAccess, Source};
use crate::build_error::BuildErrors;
use crate::toolset::Toolset;

/// The request for a session, `POST /v1/sessions`. What is not said is the platform's to choose.
///
/// ```
/// use coral_tools::platform::everruns::NewSession;
/// use coral_tools::{Toolset, coral_tool, toolset};
///
/// /// Looks up an order.
/// #[coral_tool]
/// fn lookup_order(
///     /// Its number.
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
    pub(super) agent: Option<Named>,
    pub(super) harness: Option<Named>,
    pub(super) tools: Option<Result<ClientTools, BuildErrors>>,
    pub(super) hints: Map<String, Value>,
    pub(super) capabilities: Vec<Capability>,
    pub(super) files: Vec<InitialFile>,
    pub(super) mcp_servers: Map<String, Value>,
    /// What is a plain value: `title`, `model_id`.
    pub(super) plain: Map<String, Value>,
    pub(super) tags: Vec<String>,
    pub(super) extra: Map<String, Value>,
    pub(super) reason: Option<String>,
}

/// Something of the platform, by its id or by its name; never both.
#[derive(Debug, Clone)]
pub(super) enum Named {
    Id(String),
    Name(String),
}

impl NewSession {
    /// A session of the agent with this id, `agent_` and 32 hexadecimal digits.
    pub fn with_agent(id: impl Into<String>) -> Self {
        Self { agent: Some(Named::Id(id.into())), ..Self::default() }
    }

    /// A session of the organization's agent of this name, such as `order-desk`.
    pub fn with_agent_name(name: impl Into<String>) -> Self {
        Self { agent: Some(Named::Name(name.into())), ..Self::default() }
    }

    /// A session without an agent: what a harness alone makes of the model.
    pub fn without_agent() -> Self {
        Self::default()
    }

    /// In the harness with this id, instead of the agent's, or the one of this name given before.
    pub fn harness(mut self, id: impl Into<String>) -> Self {
        self.harness = Some(Named::Id(id.into()));
        self
    }

    /// In the harness of this name, such as `generic`, instead of the agent's, or the one of the id given before.
    pub fn harness_name(mut self, name: impl Into<String>) -> Self {
        self.harness = Some(Named::Name(name.into()));
        self
    }

    /// The tools that the agent may call here, besides those of its own. With them goes the hint `setup_connection`, without
    /// which Everruns asks for calls but does not wait for their answers.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        self.tools = Some(tools.everruns_tools());
        self
    }

    /// A hint to the platform of what its client can do.
    pub fn hint(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.hints.insert(name.into(), value.into());
        self
    }

    /// One more capability than the agent has.
    pub fn capability(mut self, capability: Capability) -> Self {
        self.capabilities.push(capability);
        self
    }

    /// The model, by its id, instead of the agent's.
    pub fn model(self, id: impl Into<String>) -> Self {
        self.plain("model_id", id.into())
    }

    /// One more tag, by which sessions are found.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// A title for people.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.plain("title", title.into())
    }

    /// Whether the model may make several calls in one step. It chooses, unless said otherwise.
    pub fn parallel_tool_calls(self, may: bool) -> Self {
        self.plain("parallel_tool_calls", may)
    }

    /// What is said to the model before what the agent says.
    pub fn system_prompt(self, prompt: impl Into<String>) -> Self {
        self.plain("system_prompt", prompt.into())
    }

    /// How often the model is asked in one turn at most. Each round of tool calls is one.
    pub fn max_iterations(self, times: u32) -> Self {
        self.plain("max_iterations", times)
    }

    /// The language of the session, as BCP 47 has it: `uk-UA`.
    pub fn locale(self, locale: impl Into<String>) -> Self {
        self.plain("locale", locale.into())
    }

    /// One more file that is there from the beginning.
    pub fn initial_file(mut self, file: InitialFile) -> Self {
        self.files.push(file);
        self
    }

    /// A remote MCP server for this session alone: a name, and what the `mcpServers` of MCP clients say of it, such as
    /// `{"type": "http", "url": "https://…"}`.
    pub fn mcp_server(mut self, name: impl Into<String>, server: Value) -> Self {
        self.mcp_servers.insert(name.into(), server);
        self
    }

    /// Which hosts the session may reach.
    pub fn network_access(self, access: &NetworkAccess) -> Self {
        self.plain("network_access", access.to_json())
    }

    /// An existing workspace, by its id, instead of one of its own.
    pub fn workspace(self, id: impl Into<String>) -> Self {
        self.plain("workspace_id", id.into())
    }

    /// The identity, by its id, under which it works when nobody is there. Newer servers call it a
    /// [virtual user](Self::virtual_user).
    pub fn agent_identity(self, id: impl Into<String>) -> Self {
        self.plain("agent_identity_id", id.into())
    }

    /// What newer servers call an [agent's identity](Self::agent_identity).
    pub fn virtual_user(self, id: impl Into<String>) -> Self {
        self.plain("virtual_user_id", id.into())
    }

    /// What the session is begun from; the API, unless said otherwise.
    pub fn source(self, source: Source) -> Self {
        self.plain("source", source.as_str())
    }

    /// Why it is created, for the platform's record of changes. At most 1000 characters.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// A field that is not here, as newer servers read it.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    fn plain(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.plain.insert(name.to_owned(), value.into());
        self
    }

    /// The request as it is sent.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it and its tools, at once.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        check::check(self)?;
        let mut body = Map::new();
        insert_named(&mut body, "agent", self.agent.as_ref());
        insert_named(&mut body, "harness", self.harness.as_ref());
        body.extend(self.plain.clone());
        insert_list(&mut body, "tags", &self.tags);
        insert_list(&mut body, "capabilities", &self.capabilities);
        insert_list(&mut body, "initial_files", &self.files);
        if !self.mcp_servers.is_empty() {
            body.insert("mcpServers".into(), self.mcp_servers.clone().into());
        }
        let mut hints = self.hints.clone();
        if let Some(tools) = self.client_tools() {
            body.insert("tools".into(), tools.to_json());
            hints.insert("setup_connection".into(), true.into());
        }
        if !hints.is_empty() {
            body.insert("hints".into(), hints.into());
        }
        body.extend(self.extra.clone());
        Ok(body.into())
    }

    /// Whether it can be sent.
    ///
    /// # Errors
    ///
    /// As [`to_json`](Self::to_json).
    pub fn check(&self) -> Result<(), BuildErrors> {
        check::check(self)
    }

    /// The tools, if there are any.
    pub(super) fn client_tools(&self) -> Option<&ClientTools> {
        self.tools.as_ref()?.as_ref().ok().filter(|tools| !tools.is_empty())
    }
}

fn insert_named(body: &mut Map<String, Value>, what: &str, named: Option<&Named>) {
    match named {
        Some(Named::Id(id)) => body.insert(format!("{what}_id"), id.as_str().into()),
        Some(Named::Name(name)) => body.insert(format!("{what}_name"), name.as_str().into()),
        None => None,
    };
}

fn insert_list<T: Serialize>(body: &mut Map<String, Value>, name: &str, items: &[T]) {
    if !items.is_empty() {
        body.insert(name.to_owned(), json!(items));
    }
}
