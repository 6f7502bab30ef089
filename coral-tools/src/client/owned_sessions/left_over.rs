//! Closing the sessions that an earlier process of this instance has left over.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, stream};

use super::super::coral::Coral;
use super::super::dialect_detector::PathScheme;
use super::super::session::DropAction;
use super::closing::CLOSING_CONCURRENCY;
use super::sessions::Sessions;
use crate::api::ClientError;
use crate::build_error::BuildError;
use crate::state::SessionState;
use crate::telemetry::{CallFields, call_event};

impl<T> Sessions<T> {
    /// Closes the sessions in a namespace that an earlier process of this [`instance`](Self::instance) has opened and left over, because
    /// it was killed or has crashed. Call it once, when the application starts. Sessions of this process and of other instances
    /// are not changed, nor are sessions without the annotation.
    ///
    /// Returns the number of sessions that were closed. A session that cannot be closed is logged.
    ///
    /// The lists of the API guide of Coral Cloud have no annotations. Nothing can be found on such a server, which is logged:
    /// sessions end at their time to live there.
    ///
    /// # Errors
    ///
    /// Returns an error if the name of the instance is not set, or if the sessions cannot be listed. A namespace that does not exist
    /// has none.
    pub async fn close_left_over(&self, namespace: &str) -> Result<usize, ClientError> {
        let operation = "closing the sessions left over in a namespace";
        let missing = || BuildError::new("instance", "its name is not set; call `Sessions::instance`");
        let instance = self.instance.as_ref().ok_or_else(|| ClientError::invalid_request(operation, missing()))?;
        let mut sessions = self.coral.existing_sessions(namespace).await?;
        sessions.retain(|session| instance.has_left_over(session));
        let closed = AtomicUsize::new(0);
        let closing = stream::iter(sessions).for_each_concurrent(CLOSING_CONCURRENCY, |state| {
            let (session, closed) = (self.coral.session(namespace, state.id), &closed);
            async move {
                if session.end(DropAction::Close).await {
                    let fields = CallFields { namespace: Some(namespace), ..CallFields::of_session(session.id()) };
                    call_event!(info, fields, "closed a session that an earlier process has left over");
                    closed.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        closing.await;
        Ok(closed.into_inner())
    }
}

impl Coral {
    /// Lists the sessions of a namespace that may not exist.
    async fn existing_sessions(&self, namespace: &str) -> Result<Vec<SessionState>, ClientError> {
        let sessions = match self.sessions_in(namespace).await {
            Err(error) if self.is_absent(&error).await => return Ok(Vec::new()),
            sessions => sessions?,
        };
        if self.detected_server().await?.paths == PathScheme::Guide {
            let fields = CallFields { namespace: Some(namespace), ..CallFields::default() };
            call_event!(
                warn,
                fields,
                "the sessions of an earlier process cannot be found: the server's lists have no annotations"
            );
        }
        Ok(sessions)
    }
}
