//! One session, by its namespace and id.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::coral::Coral;
use super::dialect_detector::PathScheme;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::session::RuntimeSettings;
use crate::session::dialect::Dialect;
use crate::state::SessionState;

const EXECUTING: &str = "executing a session";

/// A session on a Coral. Cheap to clone; dropping it ends nothing.
///
/// Besides what is here by the word of the server, there is what one wants of a session:
/// [`wait_until_connected`](Self::wait_until_connected), [`wait_until_idle`](Self::wait_until_idle),
/// [`wait_until_ended`](Self::wait_until_ended), [`states`](Self::states) and [`messages`](Self::messages).
#[derive(Debug, Clone)]
pub struct Session {
    coral: Coral,
    namespace: String,
    id: String,
    /// Whether it was ever there, so that its absence is its end.
    seen: Arc<AtomicBool>,
}

impl Session {
    pub(super) fn new(coral: Coral, namespace: String, id: String) -> Self {
        Self { coral, namespace, id, seen: Arc::default() }
    }

    /// Its id, by which tools and reports name it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The namespace that it is in, as the server named it.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The Coral that it is on.
    #[must_use]
    pub fn coral(&self) -> &Coral {
        &self.coral
    }

    /// Its state with agents, threads and messages.
    ///
    /// # Errors
    ///
    /// Where there is no such session (any more): [`ClientError::is_not_found`]. Where the server does not answer with a
    /// state.
    pub async fn state(&self) -> Result<SessionState, ClientError> {
        self.read(HttpRequest::get("reading a session's state", RequestPath::new(""))).await
    }

    /// As [`Session::state`], and nothing is repeated: for those who look again by themselves.
    pub(super) async fn look(&self) -> Result<SessionState, ClientError> {
        self.read(HttpRequest::get("reading a session's state", RequestPath::new("")).without_retries()).await
    }

    /// Servers of some weeks before 1.1 have all of it where later ones have the base.
    async fn read(&self, call: HttpRequest) -> Result<SessionState, ClientError> {
        let calls = |family| match family {
            PathScheme::Local => {
                vec![
                    call.clone().with_path(self.path(family).join("extended")),
                    call.clone().with_path(self.path(family)),
                ]
            }
            PathScheme::Guide | PathScheme::Sessions => vec![call.clone().with_path(self.path(family))],
        };
        let state = self.coral.send_to(calls).await?.read()?;
        self.was_seen();
        Ok(state)
    }

    /// Its state without agents and threads, where the server has one; otherwise all of it.
    ///
    /// # Errors
    ///
    /// As [`state`](Self::state).
    pub async fn base_state(&self) -> Result<SessionState, ClientError> {
        self.coral
            .send_to(|family| [HttpRequest::get("reading a session's base state", self.path(family))])
            .await?
            .read()
    }

    /// Its state; `None` once it is gone.
    pub(super) async fn find(&self) -> Result<Option<SessionState>, ClientError> {
        match self.state().await {
            Ok(state) => Ok(Some(state)),
            Err(error) if self.coral.is_absent(&error).await => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn was_seen(&self) {
        self.seen.store(true, Ordering::Relaxed);
    }

    /// Whether an error is the end of the session: it was there, and is not any more.
    pub(super) async fn is_over(&self, error: &ClientError) -> bool {
        self.seen.load(Ordering::Relaxed) && self.coral.is_absent(error).await
    }

    /// Starts a [`deferred`](crate::SessionRequest::deferred) session. Since coral-server 1.1.
    ///
    /// # Errors
    ///
    /// Where the settings are wrong, or the session is not there (404) or has been started before (400). It is not repeated
    /// once it may have arrived.
    pub async fn execute(&self, settings: &RuntimeSettings) -> Result<(), ClientError> {
        let known = self.coral.known().await?;
        let first = self.post_settings(settings, known.dialect).await;
        let executed = match first {
            Err(error) if error.is_request_decode_error() && known.is_a_guess() => {
                self.post_settings(settings, Dialect::Server1_2).await
            }
            first => first,
        };
        executed.inspect_err(|error| self.coral.note(error))
    }

    async fn post_settings(&self, settings: &RuntimeSettings, dialect: Dialect) -> Result<(), ClientError> {
        let settings = settings.to_json(dialect).map_err(|errors| ClientError::invalid_request(EXECUTING, errors))?;
        let call = HttpRequest::post(EXECUTING, self.path(PathScheme::Local), &settings);
        self.coral.transport().send(&call).await.map(drop)
    }

    /// Ends it. Returns when its agents have stopped; its state stays for as long as its settings say.
    ///
    /// # Errors
    ///
    /// Where it is not there (404), or was deferred and never executed (500).
    pub async fn close(&self) -> Result<(), ClientError> {
        let call = |family| [HttpRequest::delete("closing a session", self.path(family))];
        let (answer, in_doubt) = self.coral.send_to_tracked(call).await;
        self.coral.gone(answer, in_doubt).await
    }

    fn path(&self, family: PathScheme) -> RequestPath {
        let parent = match family {
            PathScheme::Guide => "api/v1/session",
            PathScheme::Local => "api/v1/local/session",
            PathScheme::Sessions => "api/v1/sessions",
        };
        self.below(parent)
    }

    /// `{parent}/{namespace}/{id}`
    pub(super) fn below(&self, parent: &str) -> RequestPath {
        RequestPath::new(parent).segment("namespace", &self.namespace).segment("session", &self.id)
    }
}
