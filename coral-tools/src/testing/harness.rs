//! Calls tools in a test, through the router, without a socket.

use axum::Router;

use super::arguments::ToolArguments;
use super::caller::CoralCaller;
use super::tool_response::ToolResponse;
use crate::toolset::Toolset;
use crate::webhook::Secret;

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
}

impl Harness {
    /// Serves `tools` in an application whose state is `state`.
    pub fn new<S: Clone + Send + Sync + 'static>(tools: &Toolset<S>, state: S) -> Self {
        let secret = Secret::new("the secret of a test harness");
        let app = tools.webhooks(secret.clone()).with_state(state);
        Self::from_router(app, "/", secret)
    }

    /// Takes a whole application, to test it with the layers around the tools. Its webhooks are nested under `path` and
    /// verify with `secret`.
    pub fn from_router(app: Router, path: &str, secret: Secret) -> Self {
        let base_url = format!("http://localhost/{}", path.trim_matches('/')).trim_end_matches('/').to_owned();
        Self { app, base_url, caller: CoralCaller::new(secret) }
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

    /// Calls a tool: `submit_report { … }`, or `("submit_report", json!({…}))`, or `("submit_report", "{…}")`.
    pub async fn call(&self, arguments: impl ToolArguments) -> ToolResponse {
        let (tool, arguments) = arguments.into_call();
        let outcome = match self.caller.request(&format!("{}/{tool}", self.base_url), arguments) {
            Ok(request) => self.caller.sender.send_in_process(self.app.clone(), &request).await,
            Err(error) => Err(error.to_string()),
        };
        ToolResponse::from_outcome(&outcome)
    }
}
