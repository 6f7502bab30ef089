//! Creating sessions and finding them.

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
/// How many sessions are read at a time, where the server has no list of their whole states.
const AT_ONCE: usize = 4;

impl Coral {
    /// Creates the session. Unless the request is [`deferred`](SessionRequest::deferred), its agents start at once.
    ///
    /// # Errors
    ///
    /// Where the request is wrong ([`SessionRequest::check`]), in which case nothing has been sent; or where the server
    /// refuses it, with its words: a coral-server answers 500 to any request that it cannot fulfil. A call that may have
    /// arrived is never repeated, so there is at most one session.
    pub async fn create_session(&self, request: &SessionRequest) -> Result<Session, ClientError> {
        let checked = request.checked().map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
        let (form, next) = self.known().await?.forms_for(&checked);
        let created = match (self.post_session(&checked, form).await, next) {
            (Err(error), Some(next)) if error.is_request_decode_error() => {
                tracing::info!(?form, ?next, %error, "Coral does not understand this form of requests; trying the next");
                self.post_session(&checked, next).await.map(|answer| (answer, next))
            }
            (answer, _) => answer.map(|answer| (answer, form)),
        };
        let (answer, form) = created.inspect_err(|error| self.note(error))?;
        self.generation().understood(form);
        let CreatedSession { namespace, id } = answer.read()?;
        let session = self.session(namespace.unwrap_or_else(|| request.namespace().to_owned()), id);
        session.was_seen();
        Ok(session)
    }

    /// A server that does not understand what it said it would may have been replaced.
    pub(super) fn note(&self, error: &ClientError) {
        if error.is_request_decode_error() {
            self.generation().misunderstood();
        }
    }

    async fn post_session(&self, request: &CheckedRequest<'_>, form: Dialect) -> Result<HttpResponse, ClientError> {
        let body = request.in_dialect(form).map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
        let path = match form {
            Dialect::Nested => RequestPath::new("api/v1/sessions").segment("namespace", request.namespace()),
            _ => RequestPath::new("api/v1/local/session"),
        };
        self.transport().send(&HttpRequest::post(CREATING, path, &body)).await
    }

    /// A session that was created before, by its namespace and id. Nothing is sent.
    #[must_use]
    pub fn session(&self, namespace: impl Into<String>, id: impl Into<String>) -> Session {
        Session::new(self.clone(), namespace.into(), id.into())
    }

    /// Every namespace with its sessions, without their agents and threads.
    ///
    /// # Errors
    ///
    /// Where the server does not answer, or not with such a list.
    pub async fn sessions(&self) -> Result<Vec<NamespaceState>, ClientError> {
        let path = |family| match family {
            PathScheme::Guide => RequestPath::new("api/v1/session"),
            PathScheme::Local => RequestPath::new("api/v1/local/namespace/extended"),
            PathScheme::Sessions => RequestPath::new("api/v1/sessions"),
        };
        self.send_to(|family| [HttpRequest::get("listing sessions", path(family))]).await?.read()
    }

    /// The sessions of a namespace, without their agents and threads.
    ///
    /// # Errors
    ///
    /// Where there is no such namespace, or the server does not answer with such a list.
    pub async fn sessions_in(&self, namespace: &str) -> Result<Vec<SessionState>, ClientError> {
        let call = |family| [HttpRequest::get("listing the sessions of a namespace", of_namespace(family, namespace))];
        let mut sessions: Vec<SessionState> = self.send_to(call).await?.read()?;
        for session in &mut sessions {
            // The guide's list leaves it out.
            if session.namespace.is_empty() {
                namespace.clone_into(&mut session.namespace);
            }
        }
        Ok(sessions)
    }

    /// The sessions of a namespace with their agents and threads. Servers before 1.1, and the guide, have no list of these;
    /// the sessions are read one by one there.
    ///
    /// # Errors
    ///
    /// As [`sessions_in`](Self::sessions_in).
    pub async fn session_states_in(&self, namespace: &str) -> Result<Vec<SessionState>, ClientError> {
        if self.known().await?.paths == PathScheme::Local {
            let path = of_namespace(PathScheme::Local, namespace).join("extended");
            return self.transport().send(&HttpRequest::get("reading the sessions of a namespace", path)).await?.read();
        }
        let ids = self.sessions_in(namespace).await?.into_iter().map(|state| self.session(namespace, state.id));
        let states = stream::iter(ids).map(async |session: Session| session.find().await).buffered(AT_ONCE);
        // One that has ended meanwhile is not there any more.
        states.try_filter_map(async |state| Ok(state)).try_collect().await
    }
}

fn of_namespace(family: PathScheme, namespace: &str) -> RequestPath {
    let parent = match family {
        PathScheme::Guide => "api/v1/session",
        PathScheme::Local => "api/v1/local/namespace",
        PathScheme::Sessions => "api/v1/sessions",
    };
    RequestPath::new(parent).segment("namespace", namespace)
}

/// What a server says of a session that it has created. Coral Cloud may have put it in another namespace.
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
