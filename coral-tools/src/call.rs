//! One call of a tool, whoever makes it.

use std::borrow::Cow;

use http::Extensions;

/// The platform that a call came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// Coral, through a signed webhook.
    Coral,
    /// [Everruns](https://everruns.com), whose client-side tools are pulled.
    Everruns,
    /// [Qoder](https://docs.qoder.com) Cloud Agents, whose custom tools are pulled.
    Qoder,
    /// The application itself, by [`Toolset::dispatch`](crate::Toolset::dispatch).
    Direct,
}

/// One call of a tool: its name, the agent's arguments as JSON bytes, and who asks.
///
/// The edges make calls from what arrives; [`Toolset::dispatch`](crate::Toolset::dispatch) answers them.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    tool: &'a str,
    arguments: &'a [u8],
    session_id: Option<Cow<'a, str>>,
    agent_name: Option<Cow<'a, str>>,
    namespace: Option<Cow<'a, str>>,
    origin: Origin,
    id: Option<&'a str>,
    extensions: Option<&'a Extensions>,
}

impl<'a> Call<'a> {
    /// A call of `tool` with `arguments`: a JSON object, or `null` or nothing for no arguments.
    #[must_use]
    pub fn new(tool: &'a str, arguments: &'a [u8]) -> Self {
        Self {
            tool,
            arguments,
            session_id: None,
            agent_name: None,
            namespace: None,
            origin: Origin::Direct,
            id: None,
            extensions: None,
        }
    }

    /// Says which session the call comes from.
    #[must_use]
    pub fn in_session(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.session_id = Some(id.into());
        self
    }

    /// Says which agent calls.
    #[must_use]
    pub fn by_agent(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.agent_name = Some(name.into());
        self
    }

    /// Says which namespace the session is in.
    #[must_use]
    pub fn in_namespace(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.namespace = Some(name.into());
        self
    }

    /// Says which platform the call came by.
    #[must_use]
    pub fn from_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The platform's id of the call, which it keeps when it asks again.
    #[must_use]
    pub fn with_id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// Carries what layers in front have put into the request.
    #[must_use]
    pub fn with_extensions(mut self, extensions: &'a Extensions) -> Self {
        self.extensions = Some(extensions);
        self
    }

    /// The name of the tool.
    #[must_use]
    pub fn tool(&self) -> &'a str {
        self.tool
    }

    /// The agent's arguments, as the bytes of a JSON document.
    #[must_use]
    pub fn arguments(&self) -> &'a [u8] {
        self.arguments
    }

    /// The session that the call comes from.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// The agent that calls.
    #[must_use]
    pub fn agent_name(&self) -> Option<&str> {
        self.agent_name.as_deref()
    }

    /// The namespace of the session.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The platform that the call came by.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The platform's id of the call. Coral has none.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        self.id
    }

    /// What layers in front have put into the request.
    #[must_use]
    pub fn extensions(&self) -> Option<&'a Extensions> {
        self.extensions
    }
}
