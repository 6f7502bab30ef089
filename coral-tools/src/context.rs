//! What a tool may know of its call besides the arguments: [`FromContext`] and the types that implement it.

use std::future::{Future, ready};
use std::time::Instant;

use crate::call::{Call, Origin};
use crate::error::ToolError;

/// A value that a tool takes with `#[context]`: made from the call, not from the agent's arguments.
///
/// Implement it for types of your own, for every state or for one:
///
/// ```
/// use coral_tools::{Context, FromContext, ToolError};
///
/// struct App;
/// impl App {
///     async fn tenant_of(&self, _session: &str) -> Option<u64> { Some(7) }
/// }
///
/// /// The customer that a session belongs to.
/// struct Tenant(u64);
///
/// impl FromContext<App> for Tenant {
///     async fn from_context(context: &Context<'_, App>) -> Result<Self, ToolError> {
///         let session = context.session_id().ok_or_else(ToolError::unknown_session)?;
///         let id = context.state().tenant_of(session).await;
///         id.map(Tenant).ok_or_else(ToolError::unknown_session)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a context parameter of a tool whose state is `{S}`",
    label = "not made from a call",
    note = "`#[context]` takes `CallContext`, `SessionId`, `AgentName`, `Namespace`, `State<T>`, `Extension<T>`, or a type with `impl FromContext<{S}>`",
    note = "`State<T>` needs `T: FromRef<{S}>`; if the agent should give this value, remove `#[context]`"
)]
pub trait FromContext<S>: Sized {
    /// Makes the value. An error ends the call as an error of the tool would.
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send;
}

/// One call and the application's state, as [`FromContext`] and [`Handler`](crate::Handler) see them.
#[derive(Debug)]
pub struct Context<'a, S> {
    call: &'a Call<'a>,
    state: &'a S,
    tool: &'static str,
    deadline: Instant,
}

impl<'a, S> Context<'a, S> {
    pub(crate) fn new(call: &'a Call<'a>, state: &'a S, tool: &'static str, deadline: Instant) -> Self {
        Self { call, state, tool, deadline }
    }

    /// The application's state, as given to the router.
    #[must_use]
    pub fn state(&self) -> &'a S {
        self.state
    }

    /// The tool that is called.
    #[must_use]
    pub fn tool(&self) -> &'static str {
        self.tool
    }

    /// The session that the call comes from; `None` on an edge that knows none.
    #[must_use]
    pub fn session_id(&self) -> Option<&'a str> {
        self.call.session_id()
    }

    /// The name of the calling agent in its session.
    #[must_use]
    pub fn agent_name(&self) -> Option<&'a str> {
        self.call.agent_name()
    }

    /// The namespace of the session.
    #[must_use]
    pub fn namespace(&self) -> Option<&'a str> {
        self.call.namespace()
    }

    /// The platform that the call came by.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.call.origin()
    }

    /// The platform's id of the call: the same when it asks again, so that it can serve to do something only once. Coral has
    /// none.
    #[must_use]
    pub fn call_id(&self) -> Option<&'a str> {
        self.call.id()
    }

    /// What layers in front of the router have put into the request.
    #[must_use]
    pub fn extensions(&self) -> Option<&'a http::Extensions> {
        self.call.extensions()
    }

    /// When the answer must have been given.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(crate) fn arguments(&self) -> &'a [u8] {
        self.call.arguments()
    }
}

/// Who calls which tool, from where: the whole description of a call in one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallContext {
    tool: &'static str,
    session_id: String,
    agent_name: String,
    namespace: Option<String>,
    origin: Origin,
    call_id: Option<String>,
    deadline: Instant,
}

impl CallContext {
    /// The tool that is called.
    #[must_use]
    pub fn tool(&self) -> &str {
        self.tool
    }

    /// The session that the call comes from: a UUID on Coral, opaque elsewhere.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// The name of the calling agent in its session. It may hold any character, `/` and spaces among them.
    /// Empty on a platform whose sessions have one nameless agent.
    #[must_use]
    pub fn agent_name(&self) -> &str {
        &self.agent_name
    }

    /// The namespace of the session, where the platform has namespaces.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The platform that the call came by.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The platform's id of the call: the same when it asks again, so that it can serve to do something only once. Coral has
    /// none.
    #[must_use]
    pub fn call_id(&self) -> Option<&str> {
        self.call_id.as_deref()
    }

    /// When the answer must have been given; after it the call is dropped and the agent told so.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}

impl<S: Sync> FromContext<S> for CallContext {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(session(context).map(|session_id| Self {
            tool: context.tool(),
            session_id: session_id.to_owned(),
            agent_name: context.agent_name().unwrap_or_default().to_owned(),
            namespace: context.namespace().map(str::to_owned),
            origin: context.origin(),
            call_id: context.call_id().map(str::to_owned),
            deadline: context.deadline(),
        }))
    }
}

/// The id of the session that a call comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct SessionId(pub String);

impl<S: Sync> FromContext<S> for SessionId {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(session(context).map(|id| Self(id.to_owned())))
    }
}

/// The name of the calling agent in its session.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct AgentName(pub String);

impl<S: Sync> FromContext<S> for AgentName {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(given(context.agent_name(), "the call names no agent").map(Self))
    }
}

/// The namespace of the session that a call comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct Namespace(pub String);

impl<S: Sync> FromContext<S> for Namespace {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(given(context.namespace(), "the call names no namespace").map(Self))
    }
}

/// `None` where the call does not say.
impl<S: Sync> FromContext<S> for Option<AgentName> {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(context.agent_name().map(|name| AgentName(name.to_owned()))))
    }
}

/// `None` where the call does not say.
impl<S: Sync> FromContext<S> for Option<Namespace> {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(context.namespace().map(|name| Namespace(name.to_owned()))))
    }
}

/// The platform that a call came by.
impl<S: Sync> FromContext<S> for Origin {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(context.origin()))
    }
}

fn session<'a, S>(context: &Context<'a, S>) -> Result<&'a str, ToolError> {
    context.session_id().ok_or_else(ToolError::unknown_session)
}

fn given(value: Option<&str>, missing: &'static str) -> Result<String, ToolError> {
    value.map(str::to_owned).ok_or_else(|| ToolError::internal(missing))
}

macro_rules! display {
    ($($name:ident),*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
display!(SessionId, AgentName, Namespace);
