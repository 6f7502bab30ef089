//! [`OwnedSession`].

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::super::session::{DropAction, Session};
use super::registration::SessionRegistration;
use crate::api::ClientError;

/// A session that belongs to the application: it is closed, and its value forgotten, when the last clone is dropped. Opened by
/// [`Sessions::open`](super::Sessions::open).
///
/// It dereferences to [`Session`], so it can be followed and waited for. A clone of that `Session` does not keep it open.
///
/// The session is closed in the background, in the runtime that has opened it. At the end of the application, call
/// [`Sessions::close_all`](super::Sessions::close_all): the runtime does not wait for tasks in the background.
pub struct OwnedSession<T>(Arc<OwnedSessionData<T>>);

struct OwnedSessionData<T> {
    session: Session,
    registration: SessionRegistration<T>,
}

impl<T> OwnedSession<T> {
    /// Takes a session that was created. Returns `None` if it is closed, because all sessions are being closed.
    pub(super) fn new(registration: SessionRegistration<T>, session: Session, ttl: Option<Duration>) -> Option<Self> {
        let may_stay_open = registration.shared.entries.set_session(registration.key(), &session, ttl);
        let session = Self(Arc::new(OwnedSessionData { session, registration }));
        may_stay_open.then_some(session)
    }

    /// Returns the value with which the session was opened.
    #[must_use]
    pub fn value(&self) -> &Arc<T> {
        &self.0.registration.value
    }

    /// Closes the session and forgets its value, so that later calls are of an unknown session. Returns when the agents have stopped.
    /// Dropping the last clone does the same in the background.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`Session::close`], except that a session that does not exist has been closed. After
    /// an error, dropping the last clone closes the session again.
    pub async fn close(&self) -> Result<(), ClientError> {
        match self.0.session.close().await {
            Err(error) if !error.is_not_found() => Err(error),
            _ => {
                self.0.registration.forget();
                Ok(())
            }
        }
    }
}

impl<T> Drop for OwnedSessionData<T> {
    fn drop(&mut self) {
        let is_open = self.registration.forget().is_some_and(|entry| !entry.has_ended());
        let Some(runtime) = self.session.runtime().filter(|_| is_open) else { return };
        let (session, closing) = (self.session.clone(), self.registration.shared.pending.start());
        runtime.spawn(async move {
            session.end(DropAction::Close).await;
            drop(closing);
        });
    }
}

impl<T> Deref for OwnedSession<T> {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0.session
    }
}

impl<T> Clone for OwnedSession<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for OwnedSession<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(data) = self;
        f.debug_struct("OwnedSession").field("session", &data.session).finish_non_exhaustive()
    }
}
