//! [`Session`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::coral::Coral;
use super::dialect_detector::PathScheme;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::session::RuntimeSettings;
use crate::session::dialect::Dialect;
use crate::state::SessionState;

const EXECUTING: &str = "executing a session";
const READING: &str = "reading a session's state";

/// A session on a server. Cheap to clone; dropping it does not end the session.
///
/// Besides a method for each endpoint there are helpers that poll and stream: [`wait_until_connected`](Self::wait_until_connected),
/// [`wait_until_idle`](Self::wait_until_idle), [`wait_until_ended`](Self::wait_until_ended), [`states`](Self::states) and
/// [`messages`](Self::messages).
#[derive(Debug, Clone)]
pub struct Session {
    coral: Coral,
    namespace: String,
    id: String,
    /// Whether the session has existed, so that a 404 means that it has ended.
    is_seen: Arc<AtomicBool>,
}

impl Session {
    pub(super) fn new(coral: Coral, namespace: String, id: String) -> Self {
        Self { coral, namespace, id, is_seen: Arc::default() }
    }

    /// Returns the session's id, which calls of tools and reports of the session's end contain.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the session's namespace, as the server named it.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the client.
    #[must_use]
    pub fn coral(&self) -> &Coral {
        &self.coral
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
        let state = self.coral.send_to(requests).await?.read()?;
        self.mark_seen();
        Ok(state)
    }

    /// Reads the state without agents and threads, or the complete state from servers before 1.1 and those of the guide.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`state`](Self::state).
    pub async fn base_state(&self) -> Result<SessionState, ClientError> {
        let request = |paths| [HttpRequest::get("reading a session's base state", self.path(paths))];
        self.coral.send_to(request).await?.read()
    }

    /// Reads the state. Returns `None` if the session does not exist.
    pub(super) async fn find_state(&self) -> Result<Option<SessionState>, ClientError> {
        match self.state().await {
            Ok(state) => Ok(Some(state)),
            Err(error) if self.coral.is_absent(&error).await => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Records that the session exists.
    pub(super) fn mark_seen(&self) {
        self.is_seen.store(true, Ordering::Relaxed);
    }

    /// Whether an error means that the session has ended: it existed before, and does not exist now.
    pub(super) async fn is_ended(&self, error: &ClientError) -> bool {
        self.is_seen.load(Ordering::Relaxed) && self.coral.is_absent(error).await
    }

    /// Starts a [`deferred`](crate::SessionRequest::deferred) session. Since coral-server 1.1. A request that may have reached the
    /// server is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the settings are invalid, or if the session does not exist (404) or has been started before (400).
    pub async fn execute(&self, settings: &RuntimeSettings) -> Result<(), ClientError> {
        let server = self.coral.detected_server().await?;
        let first = self.post_settings(settings, server.dialect).await;
        let executed = match first {
            Err(error) if error.is_request_decode_error() && server.is_guess() => {
                self.post_settings(settings, Dialect::Server1_2).await
            }
            first => first,
        };
        executed.inspect_err(|error| self.coral.check_dialect(error))
    }

    async fn post_settings(&self, settings: &RuntimeSettings, dialect: Dialect) -> Result<(), ClientError> {
        let body = settings.to_json(dialect).map_err(|errors| ClientError::invalid_request(EXECUTING, errors))?;
        let request = HttpRequest::post(EXECUTING, self.path(PathScheme::Local), &body);
        self.coral.transport().send(&request).await.map(drop)
    }

    /// Ends the session. Returns when its agents have stopped. The state remains readable for as long as the session's settings
    /// keep it.
    ///
    /// The server stops one agent after the other with SIGTERM, and waits until the output of each has ended. If that takes longer
    /// than [`Coral::timeout`], the state is read once: the session counts as closed if it is closing or gone.
    ///
    /// # Errors
    ///
    /// Returns an error if the session does not exist (404), or if it is deferred and was never executed (500). Returns an error that
    /// names the agents that are still running ([`ClientError::running_agents`]) if they have not stopped in time.
    pub async fn close(&self) -> Result<(), ClientError> {
        let request =
            |paths| [HttpRequest::delete("closing a session", self.path(paths)).without_retries_after_timeouts()];
        let (response, in_doubt) = self.coral.send_to_tracked(request).await;
        match self.coral.accept_deletion(response, in_doubt).await {
            Err(error) if error.is_timeout() => self.check_closing(error).await,
            closed => closed,
        }
    }

    /// Reads the state once after a request to close the session has timed out with `error`.
    async fn check_closing(&self, error: ClientError) -> Result<(), ClientError> {
        match self.state_without_retries().await {
            Ok(state) if state.is_closing() => Ok(()),
            Ok(state) => Err(error.with_running_agents(state.running_agents())),
            Err(missing) if self.coral.is_absent(&missing).await => Ok(()),
            Err(_) => Err(error),
        }
    }

    fn path(&self, paths: PathScheme) -> RequestPath {
        let parent = match paths {
            PathScheme::Guide => "api/v1/session",
            PathScheme::Local => "api/v1/local/session",
            PathScheme::Sessions => "api/v1/sessions",
        };
        self.path_below(parent)
    }

    /// Returns `{parent}/{namespace}/{id}`.
    pub(super) fn path_below(&self, parent: &str) -> RequestPath {
        RequestPath::new(parent).segment("namespace", &self.namespace).segment("session", &self.id)
    }
}
