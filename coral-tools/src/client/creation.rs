//! Creating sessions, in tasks that continue when the application no longer waits.

use std::panic::resume_unwind;

use serde_json::Value;
use tracing::Instrument;

use super::coral::Coral;
use super::session::{DropAction, Session};
use crate::api::{ClientError, ClientErrorCause, HttpRequest, HttpResponse, RequestPath, RetryPolicy};
use crate::json::{DecodeError, FromJson, ObjectReader};
use crate::session::dialect::Dialect;
use crate::session::request::SessionRequest;
use crate::session::{CheckedRequest, RecordedTools};

pub(super) const CREATING: &str = "creating a session";

impl Coral {
    /// Creates a session. Its agents start at once, unless the request is [`deferred`](SessionRequest::deferred).
    ///
    /// [`Sessions::open`](crate::Sessions::open) also gives the session a value, which tools receive, and an owner.
    ///
    /// A request that may have reached the server is never retried, so one call creates at most one session.
    ///
    /// The URL of each tool is logged (level info), and those that the server probably cannot reach ([`Coral::warnings`]): the server
    /// does not check them. `Coral::probe_webhooks` tests them.
    ///
    /// The call runs in a task. If its future is dropped, as axum drops a handler whose client has disconnected, the task continues,
    /// and closes the session as soon as it exists. That needs the runtime: a session that is being created while the runtime shuts
    /// down may be left running.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid ([`SessionRequest::check`]); nothing is sent then. Returns an error with the
    /// server's message if the server rejects it: a coral-server returns 500 for every request that it cannot fulfil.
    pub async fn create_session(&self, request: &SessionRequest) -> Result<Session, ClientError> {
        let (coral, request) = (self.clone(), request.clone());
        let is_deferred = request.deferred;
        let session = complete(async move { coral.create(&request).await }).await?.claim();
        session.set_drop_action(is_deferred.then_some(DropAction::EndPending));
        Ok(session)
    }

    /// Creates a session, calls `before_start` with it, and then starts its agents. An application that records its sessions there
    /// knows each of them before the first call of a tool arrives: agents may call tools before
    /// [`create_session`](Self::create_session) has returned.
    ///
    /// The session is created as [`deferred`](SessionRequest::deferred) and then [executed](Session::execute) with the settings of the
    /// request, which are checked before anything is sent. Like `create_session`, the call runs in a task. If its future is dropped, if
    /// `before_start` panics or if the session cannot be started, the session is closed, even if `before_start` has kept a clone.
    ///
    /// ```no_run
    /// use std::collections::HashSet;
    /// use std::sync::{Arc, Mutex};
    ///
    /// # async fn example(
    /// #     coral: coral_tools::Coral,
    /// #     request: coral_tools::SessionRequest,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let known = Arc::new(Mutex::new(HashSet::new()));
    /// let sessions = Arc::clone(&known);
    /// let session = coral
    ///     .create_session_with(&request, move |session| {
    ///         sessions.lock().expect("not poisoned").insert(session.id().to_owned());
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as `create_session` and [`Session::execute`], or if the server has no deferred sessions
    /// ([`Dialect::Nested`]).
    pub async fn create_session_with(
        &self,
        request: &SessionRequest,
        before_start: impl FnOnce(&Session) + Send + 'static,
    ) -> Result<Session, ClientError> {
        let (coral, request) = (self.clone(), request.clone());
        let created = complete(async move {
            request.check().map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
            let (request, settings) = request.into_deferred();
            let created = coral.create(&request).await?;
            before_start(&created.session);
            created.session.execute(&settings).await?;
            Ok(created)
        });
        Ok(created.await?.claim())
    }

    pub(super) async fn create(&self, request: &SessionRequest) -> Result<UnclaimedSession, ClientError> {
        let checked = request.checked().map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
        let server = self.detected_server().await?;
        let (dialect, next) = server.dialects_for(&checked);
        let created = match (self.post_session(&checked, dialect).await, next) {
            (Err(error), Some(next)) if error.is_request_decode_error() => {
                tracing::info!(?dialect, ?next, %error, "the server cannot decode this dialect; trying the next");
                self.post_session(&checked, next).await.map(|response| (response, next))
            }
            (response, _) => response.map(|response| (response, dialect)),
        };
        let (response, dialect) = created.map_err(|error| {
            let extra: Vec<&str> = request.extra_fields().collect();
            self.explain_dialect(error, server, &extra)
        })?;
        self.detector().record_accepted(dialect);
        let CreatedSession { namespace, id } = response.read()?;
        let namespace = namespace.unwrap_or_else(|| request.namespace().to_owned());
        let session = Session::recording(self.clone(), namespace, id, RecordedTools::of(request));
        session.mark_seen();
        self.log_urls(request, session.id());
        Ok(UnclaimedSession { session, is_claimed: false })
    }

    async fn post_session(&self, request: &CheckedRequest<'_>, dialect: Dialect) -> Result<HttpResponse, ClientError> {
        let body = request.in_dialect(dialect).map_err(|errors| ClientError::invalid_request(CREATING, errors))?;
        let path = match dialect {
            Dialect::Nested => RequestPath::new("api/v1/sessions").segment("namespace", request.namespace()),
            _ => RequestPath::new("api/v1/local/session"),
        };
        self.transport().send(&HttpRequest::post(CREATING, path, &body)).await
    }
}

/// A session that its caller has not received yet. Unless it is claimed, the session is closed.
pub(super) struct UnclaimedSession {
    session: Session,
    is_claimed: bool,
}

impl UnclaimedSession {
    pub(super) fn claim(mut self) -> Session {
        self.is_claimed = true;
        self.session.clone()
    }
}

impl Drop for UnclaimedSession {
    fn drop(&mut self) {
        if !self.is_claimed {
            self.session.clone().end_in_background(DropAction::Close);
        }
    }
}

/// Runs `creation` in a task, so that it completes even if this future is dropped.
pub(super) async fn complete<R: Send + 'static>(
    creation: impl Future<Output = Result<R, ClientError>> + Send + 'static,
) -> Result<R, ClientError> {
    match tokio::spawn(creation.in_current_span()).await {
        Ok(created) => created,
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        // The runtime shuts down.
        Err(error) => Err(ClientError::new(CREATING, RetryPolicy::Never, ClientErrorCause::NoResponse(error.into()))),
    }
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
