//! Calls tools in a test, through the router, without a socket.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use serde::Serialize;

use super::arguments::ToolArguments;
use super::caller::CoralCaller;
use super::tool_response::ToolResponse;
use crate::build_error::BuildError;
use crate::calls::{FromCall, NextCallError, Received, SessionCalls};
use crate::claim::{ClaimKeys, ClaimValue, PARAMETER};
use crate::store::Store;
use crate::toolset::Toolset;
use crate::webhook::Secret;

/// How long a test waits for a call.
const NEXT_CALL_TIMEOUT: Duration = Duration::from_secs(5);

const CLAIM_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Calls tools through the router that serves them, as Coral does.
///
/// It is cheap to clone. Calls are independent of each other.
///
/// ```
/// use coral_tools::testing::Harness;
/// use coral_tools::{AgentName, Toolset, coral_tool, toolset};
///
/// /// Returns the name of the calling agent.
/// #[coral_tool]
/// async fn who_am_i(#[context] AgentName(name): AgentName) -> String {
///     name
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tools: Toolset = toolset![who_am_i];
/// let harness = Harness::new(&tools, ()).by_agent("Zoë 1");
/// let response = harness.call(("who_am_i", ())).await;
/// assert_eq!(response.value::<String>().unwrap(), "Zoë 1");
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Harness {
    app: Router,
    base_url: String,
    caller: CoralCaller,
    store: Option<Arc<dyn Store>>,
    binding: Option<(ClaimKeys, Result<ClaimValue, BuildError>)>,
}

impl Harness {
    /// Serves `tools` in an application whose state is `state`.
    pub fn new<S: Clone + Send + Sync + 'static>(tools: &Toolset<S>, state: S) -> Self {
        let secret = Secret::new("the secret of a test harness");
        let app = tools.webhooks(secret.clone()).with_state(state);
        Self { store: tools.store().cloned(), ..Self::from_router(app, "/", secret) }
    }

    /// Takes a whole application, to test it with the layers around the tools. Its webhooks are nested under `path` and
    /// verify with `secret`.
    pub fn from_router(app: Router, path: &str, secret: Secret) -> Self {
        let base_url = format!("http://localhost/{}", path.trim_matches('/')).trim_end_matches('/').to_owned();
        Self { app, base_url, caller: CoralCaller::new(secret), store: None, binding: None }
    }

    /// Sets the store of the toolset in an application, for [`next_call`](Self::next_call). [`new`](Self::new) sets it.
    pub fn with_store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Calls from this session.
    pub fn in_session(mut self, id: impl Into<String>) -> Self {
        self.caller = self.caller.in_session(id);
        self
    }

    /// Calls as this agent.
    pub fn by_agent(mut self, name: impl Into<String>) -> Self {
        self.caller = self.caller.by_agent(name);
        self
    }

    /// Calls from this namespace.
    pub fn in_namespace(mut self, name: impl Into<String>) -> Self {
        self.caller = self.caller.in_namespace(name);
        self
    }

    /// Calls from a session whose tools are bound to `value`: see [`SessionRequest::bound_to`](crate::SessionRequest::bound_to).
    /// Each call has a claim that is valid for an hour.
    pub fn bound_to<T: Serialize + ?Sized>(mut self, keys: &ClaimKeys, value: &T) -> Self {
        self.binding = Some((keys.clone(), ClaimValue::new(value)));
        self
    }

    /// Calls a tool: `submit_report { … }`, or `("submit_report", json!({…}))`, or `("submit_report", "{…}")`.
    pub async fn call(&self, arguments: impl ToolArguments) -> ToolResponse {
        let (tool, arguments) = arguments.into_call();
        let request =
            self.url(&tool).and_then(|url| self.caller.request(&url, arguments).map_err(|error| error.to_string()));
        let outcome = match request {
            Ok(request) => self.caller.sender.send_in_process(self.app.clone(), &request).await,
            Err(error) => Err(error),
        };
        ToolResponse::from_outcome(&outcome)
    }

    /// Awaits the next recorded call of a tool in the session of this harness, as `Session::next_call` does. Waits up to 5 s of
    /// tokio's time, which passes at once while it is paused (`tokio::time::pause`) and nothing else is to be done.
    ///
    /// ```
    /// use coral_tools::store::MemoryStore;
    /// use coral_tools::testing::Harness;
    /// use coral_tools::{Toolset, coral_tool, toolset};
    ///
    /// /// Submits the report.
    /// #[coral_tool]
    /// fn submit_report(title: String);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), coral_tools::calls::NextCallError> {
    /// let tools: Toolset = toolset![submit_report].with_store(MemoryStore::new());
    /// let harness = Harness::new(&tools, ()).by_agent("writer");
    /// assert!(harness.call(submit_report { title: "Q4".into() }).await.is_success());
    ///
    /// let received = harness.next_received::<submit_report>().await?;
    /// assert_eq!(received.arguments.title, "Q4");
    /// assert_eq!(received.agent_name.as_deref(), Some("writer"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if there is no call in time, or if the toolset has no store.
    pub async fn next_call<T: FromCall>(&self) -> Result<T, NextCallError> {
        let calls = self.calls()?;
        tokio::time::timeout(NEXT_CALL_TIMEOUT, calls.next_call()).await.unwrap_or_else(|_| {
            let session_id = calls.session_id().to_owned();
            Err(NextCallError::TimedOut { timeout: NEXT_CALL_TIMEOUT, tools: T::tools(), session_id })
        })
    }

    /// As [`next_call`](Self::next_call), with the agent, the time, the key and the result of the call.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as `next_call`.
    pub async fn next_received<T: FromCall>(&self) -> Result<Received<T>, NextCallError> {
        self.next_call().await
    }

    /// Returns the recorded calls of the session of this harness, for code of the application that reads them.
    ///
    /// # Errors
    ///
    /// Returns an error if the toolset has no store.
    pub fn calls(&self) -> Result<SessionCalls, NextCallError> {
        let session_id = self.caller.session_id.clone();
        match &self.store {
            Some(store) => Ok(SessionCalls::new(Arc::clone(store), session_id)),
            None => Err(NextCallError::NoStore { session_id }),
        }
    }

    fn url(&self, tool: &str) -> Result<String, String> {
        let url = format!("{}/{tool}", self.base_url);
        let Some((keys, value)) = &self.binding else { return Ok(url) };
        let value = value.as_ref().map_err(ToString::to_string)?;
        Ok(format!("{url}?{PARAMETER}={}", keys.sign(tool, value, CLAIM_LIFETIME)))
    }
}
