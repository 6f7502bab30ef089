//! [`Session`].

use std::collections::BTreeSet;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;

use super::coral::Coral;
use super::dialect_detector::PathScheme;
use super::forget::forget_calls;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::session::RecordedTools;
use crate::state::{AgentState, SessionState};

const READING: &str = "reading a session's state";

/// A session on a server. Cheap to clone; dropping it does not end the session, with one exception: see
/// [`execute`](Self::execute) for deferred sessions.
///
/// Besides a method for each endpoint there are helpers that poll and stream: [`wait_until_connected`](Self::wait_until_connected),
/// [`wait_until_idle`](Self::wait_until_idle), [`wait_until_ended`](Self::wait_until_ended), [`wait_until`](Self::wait_until),
/// [`states`](Self::states) and [`messages`](Self::messages). [`next_call`](Self::next_call) and [`calls`](Self::calls) return the
/// calls of the application's tools.
#[derive(Debug, Clone)]
pub struct Session(Arc<SessionData>);

#[derive(Debug)]
struct SessionData {
    coral: Coral,
    namespace: String,
    id: String,
    /// Whether the session has existed, so that a 404 means that it has ended.
    is_seen: AtomicBool,
    /// Whether its agents have stopped, as far as this client knows.
    has_ended: AtomicBool,
    /// Whether the server has reported that they have stopped.
    is_end_reported: AtomicBool,
    /// The tools whose calls are recorded, if the session was created from a toolset with a store.
    recorded_tools: Option<RecordedTools>,
    on_drop: Mutex<Option<DropAction>>,
    /// The names of agents that have been connected.
    connected_agents: Mutex<BTreeSet<String>>,
    /// The runtime that sends requests in the background.
    runtime: Option<Handle>,
}

/// A request to send in the background when the last [`Session`] is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DropAction {
    /// Ends the session if it is pending, because no client will execute it.
    EndPending,
    /// Ends the session, also if it is running.
    Close,
}

impl Session {
    pub(super) fn new(coral: Coral, namespace: String, id: String) -> Self {
        Self::recording(coral, namespace, id, None)
    }

    /// Creates a session whose calls are recorded.
    pub(super) fn recording(
        coral: Coral,
        namespace: String,
        id: String,
        recorded_tools: Option<RecordedTools>,
    ) -> Self {
        Self(Arc::new(SessionData {
            coral,
            namespace,
            id,
            is_seen: AtomicBool::new(false),
            has_ended: AtomicBool::new(false),
            is_end_reported: AtomicBool::new(false),
            recorded_tools,
            on_drop: Mutex::default(),
            connected_agents: Mutex::default(),
            runtime: Handle::try_current().ok(),
        }))
    }

    /// Returns the session's id, which calls of tools and reports of the session's end contain.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Returns the session's namespace, as the server named it.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.0.namespace
    }

    /// Returns the client.
    #[must_use]
    pub fn coral(&self) -> &Coral {
        &self.0.coral
    }

    /// Reads the state with agents, threads and messages.
    ///
    /// # Errors
    ///
    /// Returns an error if the session does not exist or has been removed ([`ClientError::is_not_found`]), or if the request fails.
    pub async fn state(&self) -> Result<SessionState, ClientError> {
        self.request_state(HttpRequest::get(READING, RequestPath::new(""))).await
    }

    /// Does the same as [`Session::state`] without retries, for polling.
    pub(super) async fn state_without_retries(&self) -> Result<SessionState, ClientError> {
        self.request_state(HttpRequest::get(READING, RequestPath::new("")).without_retries()).await
    }

    /// Builds shortly before 1.1 return the complete state at the path where later ones return the base state.
    async fn request_state(&self, request: HttpRequest) -> Result<SessionState, ClientError> {
        let requests = |paths| {
            let path = self.path(paths);
            let paths = match paths {
                PathScheme::Local => vec![path.clone().join("extended"), path],
                PathScheme::Guide | PathScheme::Sessions => vec![path],
            };
            paths.into_iter().map(|path| request.clone().with_path(path)).collect::<Vec<_>>()
        };
        let state = self.coral().send_to(requests).await.and_then(|response| response.read::<SessionState>());
        let state = state.map_err(|error| self.identify(error))?;
        self.mark_seen();
        if state.is_closing() {
            self.mark_ended();
        }
        self.0.connected_agents().extend(state.agents().iter().filter(|agent| agent.is_connected()).map(name));
        Ok(state)
    }

    /// Reads the state without agents and threads, or the complete state from servers before 1.1 and those of the guide.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`state`](Self::state).
    pub async fn base_state(&self) -> Result<SessionState, ClientError> {
        let request = |paths| [HttpRequest::get("reading a session's base state", self.path(paths))];
        let state = self.coral().send_to(request).await.and_then(|response| response.read());
        state.map_err(|error| self.identify(error))
    }

    /// Reads the state. Returns `None` if the session does not exist.
    pub(super) async fn find_state(&self) -> Result<Option<SessionState>, ClientError> {
        match self.state().await {
            Ok(state) => Ok(Some(state)),
            Err(error) if self.coral().is_absent(&error).await => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Records that the session exists.
    pub(super) fn mark_seen(&self) {
        self.0.is_seen.store(true, Ordering::Relaxed);
    }

    /// Records that the session has ended, so that its calls are forgotten when the last [`Session`] is dropped.
    pub(super) fn mark_ended(&self) {
        self.0.has_ended.store(true, Ordering::Relaxed);
    }

    /// Records a report of the session's end, after which calls may still arrive. Its calls are forgotten in the same way.
    pub(super) fn mark_end_reported(&self) {
        self.0.is_end_reported.store(true, Ordering::Relaxed);
    }

    /// Whether the session has ended, as far as this client knows, except from a report. Sends nothing.
    pub(super) fn has_ended(&self) -> bool {
        self.0.has_ended.load(Ordering::Relaxed)
    }

    /// Returns the tools whose calls are recorded.
    pub(super) fn recorded_tools(&self) -> Option<&RecordedTools> {
        self.0.recorded_tools.as_ref()
    }

    /// Adds the session's id to an error.
    pub(super) fn identify(&self, error: ClientError) -> ClientError {
        error.with_session_id(self.id())
    }

    /// Records that an agent has been connected, or has done its work without.
    pub(super) fn record_connected(&self, agent: &str) {
        self.0.connected_agents().insert(agent.to_owned());
    }

    /// Whether an agent is connected, or has been connected while this session was followed.
    pub(super) fn was_connected(&self, agent: &AgentState) -> bool {
        agent.is_connected() || self.0.connected_agents().contains(&agent.name)
    }

    pub(super) fn runtime(&self) -> Option<&Handle> {
        self.0.runtime.as_ref()
    }

    /// Returns the action for the drop of the last `Session`.
    pub(super) fn drop_action(&self) -> Option<DropAction> {
        *self.0.drop_action()
    }

    pub(super) fn set_drop_action(&self, action: Option<DropAction>) {
        *self.0.drop_action() = action;
    }

    /// Whether an error means that the session has ended: it existed before, and does not exist now.
    pub(super) async fn is_ended(&self, error: &ClientError) -> bool {
        let is_ended = self.0.is_seen.load(Ordering::Relaxed) && self.coral().is_absent(error).await;
        if is_ended {
            self.mark_ended();
        }
        is_ended
    }

    pub(super) fn path(&self, paths: PathScheme) -> RequestPath {
        let parent = match paths {
            PathScheme::Guide => "api/v1/session",
            PathScheme::Local => "api/v1/local/session",
            PathScheme::Sessions => "api/v1/sessions",
        };
        self.path_below(parent)
    }

    /// Returns `{parent}/{namespace}/{id}`.
    pub(super) fn path_below(&self, parent: &str) -> RequestPath {
        RequestPath::new(parent).segment("namespace", self.namespace()).segment("session", self.id())
    }
}

fn name(agent: &AgentState) -> String {
    agent.name.clone()
}

impl SessionData {
    fn connected_agents(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.connected_agents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drop_action(&self) -> MutexGuard<'_, Option<DropAction>> {
        self.on_drop.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SessionData {
    fn drop(&mut self) {
        let action = self.drop_action().take();
        if let Some(action) = action {
            self.move_to_new_session().end_in_background(action);
        } else if (*self.has_ended.get_mut() || *self.is_end_reported.get_mut())
            && let (Some(tools), Some(runtime)) = (self.recorded_tools.take(), &self.runtime)
        {
            runtime.spawn(forget_calls(tools, mem::take(&mut self.id)));
        }
    }
}

impl SessionData {
    /// Returns another owner of the session, for requests after the drop of the last one.
    fn move_to_new_session(&mut self) -> Session {
        Session(Arc::new(Self {
            coral: self.coral.clone(),
            namespace: mem::take(&mut self.namespace),
            id: mem::take(&mut self.id),
            is_seen: AtomicBool::new(false),
            has_ended: AtomicBool::new(false),
            is_end_reported: AtomicBool::new(false),
            recorded_tools: self.recorded_tools.take(),
            on_drop: Mutex::default(),
            connected_agents: Mutex::default(),
            runtime: self.runtime.take(),
        }))
    }
}
