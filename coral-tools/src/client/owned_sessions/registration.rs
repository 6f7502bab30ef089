//! [`SessionRegistration`]: keeps the value of a session known while it is being opened or open.

use std::sync::Arc;

use uuid::Uuid;

use super::entries::{AddError, SessionEntries, SessionEntry};
use super::pending_work::PendingWork;
use crate::session::request::SessionRequest;

/// The parameter with the application's key of a session, in the query of the URLs that the server calls.
pub(super) const URL_PARAMETER: &str = "coral-tools-session";

/// The part that all clones of [`Sessions`](super::Sessions) and all their sessions share.
pub(super) struct SharedSessions<T> {
    pub(super) entries: SessionEntries<T>,
    pub(super) pending: PendingWork,
}

impl<T> Default for SharedSessions<T> {
    fn default() -> Self {
        Self { entries: SessionEntries::default(), pending: PendingWork::default() }
    }
}

/// The value of a session, which is forgotten when this is dropped.
pub(super) struct SessionRegistration<T> {
    pub(super) shared: Arc<SharedSessions<T>>,
    pub(super) value: Arc<T>,
    key: Uuid,
}

impl<T> SessionRegistration<T> {
    pub(super) fn new(shared: &Arc<SharedSessions<T>>, value: Arc<T>, max: usize) -> Result<Self, AddError> {
        let key = shared.entries.add(Arc::clone(&value), max)?;
        Ok(Self { shared: Arc::clone(shared), value, key })
    }

    pub(super) fn key(&self) -> Uuid {
        self.key
    }

    /// Adds the key to the URLs of a request.
    pub(super) fn identify(&self, request: SessionRequest) -> SessionRequest {
        request.with_url_parameter(URL_PARAMETER, &self.key.simple().to_string())
    }

    /// Forgets the session. Returns its entry, unless it was forgotten before.
    pub(super) fn forget(&self) -> Option<SessionEntry<T>> {
        self.shared.entries.remove(self.key)
    }
}

impl<T> Drop for SessionRegistration<T> {
    fn drop(&mut self) {
        self.forget();
    }
}
