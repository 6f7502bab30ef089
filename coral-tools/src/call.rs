//! A call of a tool, independent of the platform that it came from.

use std::borrow::Cow;
use std::fmt;

use http::{Extensions, HeaderMap};

#[cfg(feature = "webhook")]
use crate::call_permit::CallPermit;
use crate::call_permit::CallPermits;
use crate::idempotency_key::IdempotencyKey;

/// The platform that a call came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallOrigin {
    /// Coral, through a signed webhook.
    Coral,
    /// [Everruns](https://everruns.com), whose client-side tool calls are polled.
    Everruns,
    /// [Qoder](https://docs.qoder.com) Cloud Agents, whose custom tool calls are polled.
    Qoder,
    /// The application itself, through [`Toolset::dispatch`](crate::Toolset::dispatch).
    Direct,
}

impl CallOrigin {
    /// Its name in keys, which must not change.
    fn name(self) -> &'static str {
        match self {
            Self::Coral => "coral",
            Self::Everruns => "everruns",
            Self::Qoder => "qoder",
            Self::Direct => "direct",
        }
    }
}

/// A call of a tool: its name, the agent's arguments as JSON bytes, and the caller.
///
/// Webhooks and platform clients create calls from what they receive; [`Toolset::dispatch`](crate::Toolset::dispatch)
/// runs them.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    tool: &'a str,
    arguments: &'a [u8],
    session_id: Option<Cow<'a, str>>,
    agent_name: Option<Cow<'a, str>>,
    namespace: Option<Cow<'a, str>>,
    origin: CallOrigin,
    id: Option<&'a str>,
    query: Option<Redacted<'a>>,
    headers: Option<&'a HeaderMap>,
    extensions: Option<&'a Extensions>,
    permits: CallPermits,
}

/// A string that may be secret.
#[derive(Clone, Copy)]
struct Redacted<'a>(&'a str);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<'a> Call<'a> {
    /// Creates a call of `tool` with `arguments`: a JSON object, or `null` or no bytes for no arguments.
    #[must_use]
    pub fn new(tool: &'a str, arguments: &'a [u8]) -> Self {
        Self {
            tool,
            arguments,
            session_id: None,
            agent_name: None,
            namespace: None,
            origin: CallOrigin::Direct,
            id: None,
            query: None,
            headers: None,
            extensions: None,
            permits: CallPermits::default(),
        }
    }

    /// Sets the id of the session that the call belongs to.
    #[must_use]
    pub fn in_session(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.session_id = Some(id.into());
        self
    }

    /// Sets the name of the calling agent.
    #[must_use]
    pub fn by_agent(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.agent_name = Some(name.into());
        self
    }

    /// Sets the namespace of the session.
    #[must_use]
    pub fn in_namespace(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.namespace = Some(name.into());
        self
    }

    /// Sets the platform that the call came from. Default: [`CallOrigin::Direct`].
    #[must_use]
    pub fn from_origin(mut self, origin: CallOrigin) -> Self {
        self.origin = origin;
        self
    }

    /// Sets the platform's id of the call, which stays the same when the platform retries it.
    #[must_use]
    pub fn with_id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the query of the URL that was called, without the question mark.
    #[must_use]
    pub fn with_query(mut self, query: &'a str) -> Self {
        self.query = Some(Redacted(query));
        self
    }

    /// Sets the headers of the HTTP request that contained the call.
    #[must_use]
    pub fn with_headers(mut self, headers: &'a HeaderMap) -> Self {
        self.headers = Some(headers);
        self
    }

    /// Sets the extensions of the HTTP request that contained the call, such as values that a middleware has added.
    #[must_use]
    pub fn with_extensions(mut self, extensions: &'a Extensions) -> Self {
        self.extensions = Some(extensions);
        self
    }

    /// Sets the permit that the call holds until it ends. A clone has none.
    #[cfg(feature = "webhook")]
    pub(crate) fn with_permit(mut self, permit: CallPermit) -> Self {
        self.permits = CallPermits::new(permit);
        self
    }

    pub(crate) fn permits(&self) -> &CallPermits {
        &self.permits
    }

    /// Returns the name of the tool.
    #[must_use]
    pub fn tool(&self) -> &'a str {
        self.tool
    }

    /// Returns the agent's arguments, as the bytes of a JSON document.
    #[must_use]
    pub fn arguments(&self) -> &'a [u8] {
        self.arguments
    }

    /// Returns the id of the session that the call belongs to.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// Returns the name of the calling agent.
    #[must_use]
    pub fn agent_name(&self) -> Option<&str> {
        self.agent_name.as_deref()
    }

    /// Returns the namespace of the session.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Returns the platform that the call came from.
    #[must_use]
    pub fn origin(&self) -> CallOrigin {
        self.origin
    }

    /// Returns the platform's id of the call. Coral has none.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        self.id
    }

    /// Returns a key that is the same for repetitions of this call, and different for other calls: 64 hex digits.
    ///
    /// It depends on platform, session, agent, tool and arguments, and on the platform's [id](Self::id) of the call. The order of
    /// properties and white space make no difference. Coral has no id, so an agent there that really wants the same effect twice
    /// has to send different arguments.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        self.key([])
    }

    /// Returns the key of the ticket of this call: as [`idempotency_key`](Self::idempotency_key), and different for another query,
    /// so that a call without the claim in the query of the first one has no access to its result.
    pub(crate) fn ticket_key(&self) -> String {
        self.key([self.query()])
    }

    fn key<const N: usize>(&self, more: [Option<&str>; N]) -> String {
        // The ids of some platforms are those of model providers, which use them again for other calls.
        let caller = [Some(self.origin.name()), self.session_id(), self.agent_name(), self.id];
        IdempotencyKey::of(self.tool, caller.into_iter().chain(more)).of_arguments(self.arguments)
    }

    /// Returns the query of the URL that was called, without the question mark. It may contain a token, so it is not logged.
    #[must_use]
    pub fn query(&self) -> Option<&'a str> {
        self.query.map(|Redacted(query)| query)
    }

    /// Returns the headers of the HTTP request that contained the call.
    #[must_use]
    pub fn headers(&self) -> Option<&'a HeaderMap> {
        self.headers
    }

    /// Returns the extensions of the HTTP request that contained the call.
    #[must_use]
    pub fn extensions(&self) -> Option<&'a Extensions> {
        self.extensions
    }
}
