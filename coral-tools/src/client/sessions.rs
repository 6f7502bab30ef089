//! Creating and listing sessions.

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::coral::Coral;
use super::dialect_detector::PathScheme;
use super::session::Session;
use crate::api::{ClientError, HttpRequest, HttpResponse, RequestPath};
use crate::json::{DecodeError, FromJson, ObjectReader};
use crate::session::CheckedRequest;
use crate::session::dialect::Dialect;
use crate::session::request::SessionRequest;
use crate::state::{NamespaceState, SessionState};

const CREATING: &str = "creating a session";
/// Sessions that are read concurrently, if the server has no list of their complete states.
const CONCURRENCY: usize = 4;

impl Coral {
    /// Creates a session. Its agents start at once, unless the request is [`deferred`](SessionRequest::deferred).
    ///
    /// A request that may have reached the server is never retried, so one call creates at most one session.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid ([`SessionRequest::check`]); nothing is sent then. Returns an error with the
    /// server's message if the server rejects it: a coral-server returns 500 for every request that it cannot fulfil.
    pub async fn create_session(&self, request: &SessionRequest) -> Result<Session, ClientError> {
        let checked = request.checked().map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
        let (dialect, next) = self.detected_server().await?.dialects_for(&checked);
        let created = match (self.post_session(&checked, dialect).await, next) {
            (Err(error), Some(next)) if error.is_request_decode_error() => {
                tracing::info!(?dialect, ?next, %error, "the server cannot decode this dialect; trying the next");
                self.post_session(&checked, next).await.map(|response| (response, next))
            }
            (response, _) => response.map(|response| (response, dialect)),
        };
        let (response, dialect) = created.inspect_err(|error| self.check_dialect(error))?;
        self.detector().record_accepted(dialect);
        let CreatedSession { namespace, id } = response.read()?;
        let session = self.session(namespace.unwrap_or_else(|| request.namespace().to_owned()), id);
        session.mark_seen();
        Ok(session)
    }

    /// Discards the detected dialect if the server could not decode a request in it.
    pub(super) fn check_dialect(&self, error: &ClientError) {
        if error.is_request_decode_error() {
            self.detector().record_rejected();
        }
    }

    async fn post_session(&self, request: &CheckedRequest<'_>, dialect: Dialect) -> Result<HttpResponse, ClientError> {
        let body = request.in_dialect(dialect).map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
        let path = match dialect {
            Dialect::Nested => RequestPath::new("api/v1/sessions").segment("namespace", request.namespace()),
            _ => RequestPath::new("api/v1/local/session"),
        };
        self.transport().send(&HttpRequest::post(CREATING, path, &body)).await
    }

    /// Returns the session with this namespace and id, which was created before. Sends nothing.
    #[must_use]
    pub fn session(&self, namespace: impl Into<String>, id: impl Into<String>) -> Session {
        Session::new(self.clone(), namespace.into(), id.into())
    }

    /// Lists all namespaces with their sessions, without agents and threads.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn sessions(&self) -> Result<Vec<NamespaceState>, ClientError> {
        let path = |paths| match paths {
            PathScheme::Guide => RequestPath::new("api/v1/session"),
            PathScheme::Local => RequestPath::new("api/v1/local/namespace/extended"),
            PathScheme::Sessions => RequestPath::new("api/v1/sessions"),
        };
        self.send_to(|paths| [HttpRequest::get("listing sessions", path(paths))]).await?.read()
    }

    /// Lists the sessions of a namespace, without agents and threads.
    ///
    /// # Errors
    ///
    /// Returns an error if the namespace does not exist, or if the request fails.
    pub async fn sessions_in(&self, namespace: &str) -> Result<Vec<SessionState>, ClientError> {
        let request =
            |paths| [HttpRequest::get("listing the sessions of a namespace", namespace_path(paths, namespace))];
        let mut sessions: Vec<SessionState> = self.send_to(request).await?.read()?;
        for session in &mut sessions {
            // The guide's list omits it.
            if session.namespace.is_empty() {
                namespace.clone_into(&mut session.namespace);
            }
        }
        Ok(sessions)
    }

    /// Lists the sessions of a namespace with agents and threads. Servers before 1.1 and the guide have no such list; the sessions
    /// are read one by one there.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`sessions_in`](Self::sessions_in).
    pub async fn session_states_in(&self, namespace: &str) -> Result<Vec<SessionState>, ClientError> {
        if self.detected_server().await?.paths == PathScheme::Local {
            let path = namespace_path(PathScheme::Local, namespace).join("extended");
            let request = HttpRequest::get("reading the sessions of a namespace", path);
            return self.transport().send(&request).await?.read();
        }
        let sessions = self.sessions_in(namespace).await?.into_iter().map(|state| self.session(namespace, state.id));
        let states = stream::iter(sessions).map(async |session: Session| session.find_state().await);
        // A session that has ended since it was listed is omitted.
        states.buffered(CONCURRENCY).try_filter_map(async |state| Ok(state)).try_collect().await
    }
}

fn namespace_path(paths: PathScheme, namespace: &str) -> RequestPath {
    let parent = match paths {
        PathScheme::Guide => "api/v1/session",
        PathScheme::Local => "api/v1/local/namespace",
        PathScheme::Sessions => "api/v1/sessions",
    };
    RequestPath::new(parent).segment("namespace", namespace)
}

/// The response to a request that creates a session. Coral Cloud may have chosen another namespace.
struct CreatedSession {
    namespace: Option<String>,
    id: String,
}

impl FromJson for CreatedSession {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut created = ObjectReader::new(value)?;
        Ok(Self { namespace: created.optional("namespace")?, id: created.required("sessionId")? })
    }
}
