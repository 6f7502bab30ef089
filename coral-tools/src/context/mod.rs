//! Context parameters of tools: [`FromContext`] and the types that implement it.

mod call_context;

use std::fmt;
use std::future::{Future, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use http::{Extensions, HeaderMap};

use crate::call::{Call, CallOrigin};
use crate::error::ToolError;

pub use self::call_context::CallContext;

/// A value that a tool takes as a `#[context]` parameter: created from the call, not from the agent's arguments.
///
/// Implement it for your own types, for every state or for a specific one:
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
///
/// With the feature `axum`, axum's `State` (with `FromRef`), `Extension` and `Path` implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a context parameter of a tool whose state is `{S}`",
    label = "does not implement `FromContext<{S}>`",
    note = "`#[context]` takes `CallContext`, `SessionId`, `AgentName`, `Namespace`, `State<T>`, `Extension<T>`, `Path<T>`, `HeaderMap`, or a type with `impl FromContext<{S}>`",
    note = "`State<T>` needs `T: FromRef<{S}>`; if the agent should provide this value, remove `#[context]`"
)]
pub trait FromContext<S>: Sized {
    /// Creates the value. An error ends the call in the same way as an error of the tool.
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send;
}

/// No context parameter.
#[diagnostic::do_not_recommend]
impl<S: Sync> FromContext<S> for () {
    async fn from_context(_context: &Context<'_, S>) -> Result<Self, ToolError> {
        Ok(())
    }
}

/// Several context parameters, created in this order.
macro_rules! from_context_for_tuples {
    ($($($type:ident)+;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<S: Sync, $($type: FromContext<S> + Send),+> FromContext<S> for ($($type,)+) {
            async fn from_context(context: &Context<'_, S>) -> Result<Self, ToolError> {
                Ok(($($type::from_context(context).await?,)+))
            }
        }
    )+};
}

from_context_for_tuples! {
    A B;
    A B C;
    A B C D;
}

/// A call and the application's state, as passed to [`FromContext`], [`Handler`](crate::Handler) and
/// [`Middleware`](crate::middleware::Middleware).
#[derive(Debug)]
pub struct Context<'a, S> {
    call: &'a Call<'a>,
    state: &'a S,
    deadline: Instant,
    /// Whether the call was dropped before its function began.
    never_began: AtomicBool,
}

impl<'a, S> Context<'a, S> {
    pub(crate) fn new(call: &'a Call<'a>, state: &'a S, deadline: Instant) -> Self {
        Self { call, state, deadline, never_began: AtomicBool::new(false) }
    }

    /// Records that the call was dropped while it waited for a thread.
    pub(crate) fn set_never_began(&self) {
        self.never_began.store(true, Ordering::Relaxed);
    }

    /// Whether the call was dropped while it waited for a thread.
    pub(crate) fn never_began(&self) -> bool {
        self.never_began.load(Ordering::Relaxed)
    }

    /// Returns the application's state.
    #[must_use]
    pub fn state(&self) -> &'a S {
        self.state
    }

    /// Returns the name of the called tool.
    #[must_use]
    pub fn tool(&self) -> &'a str {
        self.call.tool()
    }

    /// Returns the id of the session that the call belongs to, if the call has one.
    #[must_use]
    pub fn session_id(&self) -> Option<&'a str> {
        self.call.session_id()
    }

    /// Returns the name of the calling agent, if the platform has named agents.
    #[must_use]
    pub fn agent_name(&self) -> Option<&'a str> {
        self.call.agent_name()
    }

    /// Returns the namespace of the session, if the platform has namespaces.
    #[must_use]
    pub fn namespace(&self) -> Option<&'a str> {
        self.call.namespace()
    }

    /// Returns the platform that the call came from.
    #[must_use]
    pub fn origin(&self) -> CallOrigin {
        self.call.origin()
    }

    /// Returns the platform's id of the call, which stays the same when the platform retries it, so that it can be used to
    /// deduplicate. Coral has none.
    #[must_use]
    pub fn call_id(&self) -> Option<&'a str> {
        self.call.id()
    }

    /// Returns a key that is the same for repetitions of this call: see [`Call::idempotency_key`].
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        self.call.idempotency_key()
    }

    /// Returns the query of the URL that was called, without the question mark; `None` on platforms that are polled.
    #[must_use]
    pub fn query(&self) -> Option<&'a str> {
        self.call.query()
    }

    /// Returns the headers of the HTTP request that contained the call; `None` on platforms that are polled.
    #[must_use]
    pub fn headers(&self) -> Option<&'a HeaderMap> {
        self.call.headers()
    }

    /// Returns the extensions of the HTTP request that contained the call, such as values that a layer has added.
    #[must_use]
    pub fn extensions(&self) -> Option<&'a Extensions> {
        self.call.extensions()
    }

    /// Whether this is not a call of a tool, but the report of a session's end.
    #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "only values of sessions depend on it"))]
    pub(crate) fn is_session_end(&self) -> bool {
        self.extensions().is_some_and(|extensions| extensions.get::<SessionEndMarker>().is_some())
    }

    /// Returns the deadline of the call. After it, the call is cancelled and the agent receives an error; a `blocking` tool
    /// continues, and its result is dropped.
    ///
    /// On Coral the default is 12 s after the arrival of the call, and Coral waits for 15 s, so a result that is returned
    /// before the deadline has time to travel. A tool that waits for something itself, such as the reply of a person, uses
    /// [`CallContext::wait_for`], which ends before the deadline, or returns a [`Deferred`](crate::Deferred).
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Returns the call, with the agent's arguments as it sent them.
    #[must_use]
    pub fn call(&self) -> &'a Call<'a> {
        self.call
    }

    pub(crate) fn arguments(&self) -> &'a [u8] {
        self.call.arguments()
    }
}

/// An extension of requests that contain the report of a session's end, which have the context of a call.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(feature = "webhook"), allow(dead_code, reason = "only webhooks receive reports"))]
pub(crate) struct SessionEndMarker;

/// The id of the session that a call belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct SessionId(pub String);

impl<S: Sync> FromContext<S> for SessionId {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(required_session(context).map(|id| Self(id.to_owned())))
    }
}

/// The name of the calling agent in its session.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct AgentName(pub String);

impl<S: Sync> FromContext<S> for AgentName {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(required(context.agent_name(), "the call has no agent name").map(Self))
    }
}

/// The namespace of the session that a call belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a newtype that tools take apart")]
pub struct Namespace(pub String);

impl<S: Sync> FromContext<S> for Namespace {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(required(context.namespace(), "the call has no namespace").map(Self))
    }
}

/// `None` if the platform has no named agents.
impl<S: Sync> FromContext<S> for Option<AgentName> {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(context.agent_name().map(|name| AgentName(name.to_owned()))))
    }
}

/// `None` if the platform has no namespaces.
impl<S: Sync> FromContext<S> for Option<Namespace> {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(context.namespace().map(|name| Namespace(name.to_owned()))))
    }
}

/// The platform that a call came from.
impl<S: Sync> FromContext<S> for CallOrigin {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(context.origin()))
    }
}

/// A copy of the headers of the HTTP request that contained the call; empty on platforms that are polled. To read a few
/// headers without a copy, implement [`FromContext`] with [`Context::headers`].
impl<S: Sync> FromContext<S> for HeaderMap {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(Ok(context.headers().cloned().unwrap_or_default()))
    }
}

fn required_session<'a, S>(context: &Context<'a, S>) -> Result<&'a str, ToolError> {
    context.session_id().ok_or_else(ToolError::unknown_session)
}

fn required(value: Option<&str>, missing: &'static str) -> Result<String, ToolError> {
    value.map(str::to_owned).ok_or_else(|| ToolError::internal(missing))
}

macro_rules! display {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
display!(SessionId, AgentName, Namespace);
