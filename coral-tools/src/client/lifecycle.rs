//! Starting and ending sessions.

use std::time::Duration;

use http::StatusCode;

use super::dialect_detector::PathScheme;
use super::session::{DropAction, Session};
use crate::api::{ClientError, FailureStage, HttpRequest, RetryPolicy};
use crate::session::RuntimeSettings;
use crate::session::dialect::Dialect;
use crate::telemetry::{CallFields, call_event};

const EXECUTING: &str = "executing a session";
const CLOSING: &str = "closing a session";
/// The shortest time to live that servers accept.
const MIN_TTL: Duration = Duration::from_millis(1);

impl Session {
    /// Starts a [`deferred`](crate::SessionRequest::deferred) session. Since coral-server 1.1. A request that may have reached the
    /// server is not retried. [`Coral::create_session_with`](crate::Coral::create_session_with) creates and starts a session in one
    /// call, and [`RuntimeSettings::check`] reports invalid settings before the session is created.
    ///
    /// A deferred session has no time to live until it is executed. If the last clone of the [`Session`] that
    /// [`Coral::create_session`](crate::Coral::create_session) has returned is dropped before that, for example because of an error
    /// in between, the client ends the session in the background. [`keep_pending`](Self::keep_pending) prevents that.
    ///
    /// # Errors
    ///
    /// Returns an error if the settings are invalid, or if the session does not exist (404) or has been started before (400).
    pub async fn execute(&self, settings: &RuntimeSettings) -> Result<(), ClientError> {
        let is_owned = self.drop_action() == Some(DropAction::EndPending);
        if is_owned {
            // If this future is dropped, the caller does not learn whether the session runs.
            self.set_drop_action(Some(DropAction::Close));
        }
        let executed = self.send_settings(settings, RetryPolicy::Never).await;
        if is_owned {
            self.set_drop_action(match &executed {
                Ok(()) => None,
                Err(error) if error.stage() == FailureStage::NoResponse => Some(DropAction::Close),
                Err(_) => Some(DropAction::EndPending),
            });
        }
        executed
    }

    async fn send_settings(&self, settings: &RuntimeSettings, retry_policy: RetryPolicy) -> Result<(), ClientError> {
        let server = self.coral().detected_server().await?;
        let first = self.post_settings(settings, server.dialect, retry_policy).await;
        let executed = match first {
            Err(error) if error.is_request_decode_error() && server.is_guess() => {
                self.post_settings(settings, Dialect::Server1_2, retry_policy).await
            }
            first => first,
        };
        executed.map_err(|error| self.identify(self.coral().explain_dialect(error, server, &[])))
    }

    async fn post_settings(
        &self,
        settings: &RuntimeSettings,
        dialect: Dialect,
        retry_policy: RetryPolicy,
    ) -> Result<(), ClientError> {
        let body = settings.to_json(dialect).map_err(|errors| ClientError::invalid_request(EXECUTING, errors))?;
        let request = HttpRequest::post(EXECUTING, self.path(PathScheme::Local), &body).with_retry_policy(retry_policy);
        self.coral().transport().send(&request).await.map(drop)
    }

    /// Leaves a deferred session pending when its last [`Session`] is dropped, so that another process can execute it. It has no
    /// time to live: it stays on the server until it is executed or closed.
    pub fn keep_pending(&self) {
        self.set_drop_action(None);
    }

    /// Ends the session. Returns when its agents have stopped. The state remains readable for as long as the session's settings
    /// keep it.
    ///
    /// The server stops one agent after the other with SIGTERM, and waits until the output of each has ended. If that takes longer
    /// than [`Coral::timeout`](crate::Coral::timeout), the state is read once: the session counts as closed if it is closing or
    /// gone.
    ///
    /// Recorded calls that were not [taken](Self::next_call) can still be, until the last clone of the [`Session`] is dropped.
    ///
    /// Servers cannot end a deferred session that was never executed, so it is executed with a time to live of 1 ms, and ends
    /// shortly after this call.
    ///
    /// # Errors
    ///
    /// Returns an error if the session does not exist (404). Returns an error that names the agents that are still running
    /// ([`ClientError::running_agents`]) if they have not stopped in time.
    pub async fn close(&self) -> Result<(), ClientError> {
        match self.delete().await {
            Err(error) if error.is_not_launched() => match self.end_pending().await {
                // It has been executed in the meantime.
                Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => self.delete().await?,
                ended => ended?,
            },
            closed => closed?,
        }
        self.set_drop_action(None);
        self.mark_ended();
        Ok(())
    }

    async fn delete(&self) -> Result<(), ClientError> {
        let request = |paths| [HttpRequest::delete(CLOSING, self.path(paths)).without_retries_after_timeouts()];
        let (response, in_doubt) = self.coral().send_to_tracked(request).await;
        let closed = match self.coral().accept_deletion(response, in_doubt).await {
            Err(error) if error.is_timeout() => self.check_closing(error).await,
            closed => closed,
        };
        if closed.as_ref().is_err_and(ClientError::is_not_found) {
            self.mark_ended();
        }
        closed.map_err(|error| self.identify(error))
    }

    /// Reads the state once after a request to close the session has timed out with `error`.
    async fn check_closing(&self, error: ClientError) -> Result<(), ClientError> {
        match self.state_without_retries().await {
            Ok(state) if state.is_closing() => Ok(()),
            Ok(state) => Err(error.with_running_agents(state.running_agents())),
            Err(missing) if self.coral().is_absent(&missing).await => Ok(()),
            Err(_) => Err(error),
        }
    }

    /// Ends a session that is pending. Otherwise the server returns 400, and the session is not changed.
    async fn end_pending(&self) -> Result<(), ClientError> {
        // A second attempt has no further effect.
        self.send_settings(&RuntimeSettings::new().ttl(MIN_TTL), RetryPolicy::Transient).await
    }

    /// Ends the session in a task, which the runtime of the client's requests runs.
    pub(super) fn end_in_background(self, action: DropAction) {
        let Some(runtime) = self.runtime().cloned() else { return };
        runtime.spawn(async move { self.end(action).await });
    }

    /// Ends the session. Logs an error, unless the session has ended already. Returns whether it has ended.
    pub(super) async fn end(&self, action: DropAction) -> bool {
        let ended = match action {
            DropAction::Close => self.close().await,
            DropAction::EndPending => self.end_pending().await,
        };
        let has_ended = |error: &ClientError| {
            let is_executed = action == DropAction::EndPending && error.status() == Some(StatusCode::BAD_REQUEST);
            is_executed || error.is_not_found()
        };
        let Some(error) = ended.err().filter(|error| !has_ended(error)) else { return true };
        let session = CallFields { namespace: Some(self.namespace()), ..CallFields::of_session(self.id()) };
        call_event!(warn, session, "cannot end an abandoned session", %error);
        false
    }
}
