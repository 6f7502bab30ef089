//! [`CallContext`]: the call, as a context parameter.

use std::fmt;
use std::future::{Future, ready};
use std::time::Instant;

use tokio::time::timeout_at;

use super::{Context, FromContext, required_session};
use crate::call::{Call, CallOrigin};
use crate::deadline::reply_by;
use crate::error::ToolError;

/// The called tool, the caller and the deadline, in one context parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallContext {
    tool: String,
    session_id: String,
    agent_name: Option<String>,
    namespace: Option<String>,
    origin: CallOrigin,
    call_id: Option<String>,
    arguments: ArgumentBytes,
    deadline: Instant,
}

/// The arguments as the agent sent them, from which the key of the call is computed if a tool needs it.
#[derive(Clone, PartialEq, Eq)]
struct ArgumentBytes(Box<[u8]>);

impl fmt::Debug for ArgumentBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl CallContext {
    /// Returns the name of the called tool.
    #[must_use]
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// Returns the id of the session that the call belongs to: a UUID on Coral, opaque elsewhere.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Returns the name of the calling agent in its session, if the platform has named agents. It may contain any
    /// character, including `/` and spaces.
    #[must_use]
    pub fn agent_name(&self) -> Option<&str> {
        self.agent_name.as_deref()
    }

    /// Returns the namespace of the session, if the platform has namespaces.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Returns the platform that the call came from.
    #[must_use]
    pub fn origin(&self) -> CallOrigin {
        self.origin
    }

    /// Returns the platform's id of the call, which stays the same when the platform retries it, so that it can be used to
    /// deduplicate. Coral has none: see [`idempotency_key`](Self::idempotency_key).
    #[must_use]
    pub fn call_id(&self) -> Option<&str> {
        self.call_id.as_deref()
    }

    /// Returns a key that is the same for repetitions of this call, and different for other calls, on every platform: 64 hex
    /// digits, for APIs that take an idempotency key. [`Call::idempotency_key`] describes what it depends on.
    ///
    /// ```
    /// use coral_tools::{CallContext, ToolError, coral_tool};
    ///
    /// # async fn charge(_cents: u32, _idempotency_key: &str) -> Result<String, std::io::Error> { Ok("ch_1".into()) }
    /// /// Charges the customer.
    /// #[coral_tool]
    /// async fn charge_customer(cents: u32, #[context] call: CallContext) -> Result<String, ToolError> {
    ///     Ok(charge(cents, &call.idempotency_key()).await?)
    /// }
    /// ```
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        let call = Call::new(&self.tool, &self.arguments.0).in_session(&*self.session_id).from_origin(self.origin);
        let call = match self.agent_name() {
            Some(agent) => call.by_agent(agent),
            None => call,
        };
        match self.call_id() {
            Some(id) => call.with_id(id).idempotency_key(),
            None => call.idempotency_key(),
        }
    }

    /// Returns the deadline of the call: see [`Context::deadline`].
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Waits for a future, but only as long as the result of the call still reaches the agent; `None` if the future is not ready
    /// by then. It is dropped in that case.
    ///
    /// The wait ends one second before the [deadline](Self::deadline), or, with less than two seconds left, after half of them.
    ///
    /// ```
    /// use coral_tools::{CallContext, coral_tool};
    ///
    /// # async fn next_reply(_session: &str) -> String { "yes".to_owned() }
    /// /// Waits for the reply of the person. If there is none yet, call it again.
    /// #[coral_tool]
    /// async fn wait_for_reply(#[context] call: CallContext) -> Option<String> {
    ///     call.wait_for(next_reply(call.session_id())).await
    /// }
    /// ```
    ///
    /// The output must not hold a lock. With a channel of [`tokio::sync::watch`], clone the value inside the future: the `Ref` that the
    /// channel returns blocks all senders while it exists, and code that holds it and sends waits for itself.
    ///
    /// ```
    /// use tokio::sync::watch;
    ///
    /// async fn next_reply(replies: &mut watch::Receiver<Option<String>>) -> Option<String> {
    ///     replies.wait_for(Option::is_some).await.ok()?.clone()
    /// }
    /// # let (sender, mut replies) = watch::channel(Some("yes".to_owned()));
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # assert_eq!(runtime.block_on(next_reply(&mut replies)).as_deref(), Some("yes"));
    /// # drop(sender);
    /// ```
    pub async fn wait_for<F: Future>(&self, future: F) -> Option<F::Output> {
        timeout_at(reply_by(self.deadline), future).await.ok()
    }
}

impl<S: Sync> FromContext<S> for CallContext {
    fn from_context(context: &Context<'_, S>) -> impl Future<Output = Result<Self, ToolError>> + Send {
        ready(required_session(context).map(|session_id| Self {
            tool: context.tool().to_owned(),
            session_id: session_id.to_owned(),
            agent_name: context.agent_name().map(str::to_owned),
            namespace: context.namespace().map(str::to_owned),
            origin: context.origin(),
            call_id: context.call_id().map(str::to_owned),
            arguments: ArgumentBytes(context.arguments().into()),
            deadline: context.deadline(),
        }))
    }
}
