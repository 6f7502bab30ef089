//! A session.

use serde_json::json;

use crate::api::{ClientError, HttpRequest, RequestPath, RetryPolicy};
use crate::platform::everruns::client::Everruns;
use crate::platform::everruns::session_info::{CancelOutcome, SessionInfo, SessionStatus};

/// A session on Everruns. Cheap to clone; the session continues when this is dropped.
#[derive(Debug, Clone)]
pub struct Session {
    everruns: Everruns,
    id: String,
}

impl Session {
    pub(super) fn new(everruns: Everruns, id: String) -> Self {
        Self { everruns, id }
    }

    /// The session's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The client that this session uses.
    #[must_use]
    pub fn everruns(&self) -> &Everruns {
        &self.everruns
    }

    /// Reads the session's state.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the session does not exist
    /// ([`ClientError::is_not_found`]).
    pub async fn state(&self) -> Result<SessionInfo, ClientError> {
        let call = HttpRequest::get("reading a session", self.path()).with_retry_policy(RetryPolicy::ServerErrors);
        self.everruns.transport().send(&call).await?.read()
    }

    /// Cancels the current turn.
    ///
    /// Everruns does not cancel a turn that waits for tools and returns [`CancelOutcome::NotRunning`]. Such a turn continues
    /// when its results are submitted or a message is sent, and ends when the session is [deleted](Self::delete). If the
    /// response to an attempt is lost and the turn has ended by the next one, the turn counts as cancelled.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the session does not exist.
    pub async fn cancel(&self) -> Result<CancelOutcome, ClientError> {
        let call = HttpRequest::post("cancelling a turn", self.path().join("cancel"), &json!({}))
            .with_retry_policy(RetryPolicy::ServerErrors);
        let (response, in_doubt) = self.everruns.transport().send_tracked(&call).await;
        match response?.read()? {
            // An earlier attempt may have cancelled the turn, and its response was lost.
            CancelOutcome::NotRunning if in_doubt && self.state().await?.status == SessionStatus::Idle => {
                Ok(CancelOutcome::Cancelled)
            }
            outcome => Ok(outcome),
        }
    }

    /// Deletes the session with all its events.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. A session that does not exist is an error, unless an earlier attempt may have
    /// deleted it.
    pub async fn delete(&self) -> Result<(), ClientError> {
        let call = HttpRequest::delete("deleting a session", self.path()).with_retry_policy(RetryPolicy::ServerErrors);
        match self.everruns.transport().send_tracked(&call).await {
            (Err(error), true) if error.is_not_found() => Ok(()),
            (response, _) => response.map(drop),
        }
    }

    pub(super) fn path(&self) -> RequestPath {
        RequestPath::new("v1/sessions").segment("session", &self.id)
    }
}
