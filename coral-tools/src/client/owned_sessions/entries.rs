//! [`SessionEntries`]: the values of sessions, by the application's key and by the id of the session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::super::session::Session;

/// How long the value of a session that has ended is kept, for late calls and for repeated reports of its end.
const GRACE: Duration = Duration::from_secs(60);
/// How often entries of sessions that have ended are searched for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// The values of the sessions that are being opened or open.
pub(super) struct SessionEntries<T>(Mutex<EntriesState<T>>);

struct EntriesState<T> {
    entries: HashMap<Uuid, SessionEntry<T>>,
    /// The keys of the entries by the ids of their sessions.
    keys: HashMap<String, Uuid>,
    next_sweep: Instant,
    is_closed: bool,
}

/// The value of a session.
pub(super) struct SessionEntry<T> {
    value: Arc<T>,
    session: EntrySession,
    /// When the session is forgotten, at the latest.
    forget_at: Option<Instant>,
    /// Whether its end was reported.
    has_ended: bool,
}

enum EntrySession {
    /// The server has not responded yet.
    Opening,
    Open(Session),
    #[cfg(feature = "testing")]
    WithoutServer(String),
}

/// Why a session cannot be opened.
pub(super) enum AddError {
    /// All sessions are being closed.
    Closed,
    Full,
}

/// Why a call has no value.
pub(super) enum FindError {
    Unknown,
    /// The key is that of another session.
    OtherSession,
}

impl EntrySession {
    fn id(&self) -> Option<&str> {
        match self {
            Self::Opening => None,
            Self::Open(session) => Some(session.id()),
            #[cfg(feature = "testing")]
            Self::WithoutServer(id) => Some(id),
        }
    }
}

impl<T> SessionEntry<T> {
    fn new(value: Arc<T>, session: EntrySession) -> Self {
        Self { value, session, forget_at: None, has_ended: false }
    }

    /// Whether the session has ended, as far as it is known.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended || matches!(&self.session, EntrySession::Open(session) if session.has_ended())
    }

    fn is_forgotten(&self, now: Instant) -> bool {
        let is_observed = matches!(&self.session, EntrySession::Open(session) if session.has_ended());
        is_observed || self.forget_at.is_some_and(|forget_at| forget_at <= now)
    }
}

impl<T> Default for SessionEntries<T> {
    fn default() -> Self {
        let (entries, keys) = (HashMap::new(), HashMap::new());
        Self(Mutex::new(EntriesState { entries, keys, next_sweep: Instant::now(), is_closed: false }))
    }
}

impl<T> SessionEntries<T> {
    /// Adds the value of a session that is being opened, and returns its key, which is unguessable.
    pub(super) fn add(&self, value: Arc<T>, max: usize) -> Result<Uuid, AddError> {
        let (added, _dropped_without_lock) = self.lock().add(value, max);
        added
    }

    /// Records the session of a key. Returns whether it may stay open.
    pub(super) fn set_session(&self, key: Uuid, session: &Session, ttl: Option<Duration>) -> bool {
        let mut guard = self.lock();
        let state = &mut *guard;
        if let Some(entry) = state.entries.get_mut(&key) {
            entry.session = EntrySession::Open(session.clone());
            if entry.has_ended {
                session.mark_end_reported();
            }
            let after_ttl = ttl.and_then(|ttl| Instant::now().checked_add(ttl)?.checked_add(GRACE));
            entry.forget_at = entry.forget_at.or(after_ttl);
            state.keys.insert(session.id().to_owned(), key);
        }
        !state.is_closed
    }

    #[cfg(feature = "testing")]
    pub(super) fn add_without_server(&self, session_id: String, value: Arc<T>) {
        let key = Uuid::new_v4();
        let mut state = self.lock();
        let replaced = state.keys.insert(session_id.clone(), key).and_then(|key| state.entries.remove(&key));
        state.entries.insert(key, SessionEntry::new(value, EntrySession::WithoutServer(session_id)));
        drop(state);
        drop(replaced);
    }

    pub(super) fn remove(&self, key: Uuid) -> Option<SessionEntry<T>> {
        self.lock().remove(key)
    }

    /// Returns the value of the session with this id.
    pub(super) fn find(&self, session_id: &str) -> Option<(Uuid, Arc<T>)> {
        let state = self.lock();
        let key = *state.keys.get(session_id)?;
        Some((key, Arc::clone(&state.entries.get(&key)?.value)))
    }

    /// Returns the value of a key, for a call of this session.
    pub(super) fn find_key(&self, key: Uuid, session_id: &str) -> Result<Arc<T>, FindError> {
        let state = self.lock();
        let entry = state.entries.get(&key).ok_or(FindError::Unknown)?;
        if entry.session.id().is_some_and(|id| id != session_id) {
            return Err(FindError::OtherSession);
        }
        Ok(Arc::clone(&entry.value))
    }

    /// Records that the session has ended. It is forgotten soon, but not at once: the report may be sent again.
    pub(super) fn record_end(&self, key: Uuid) {
        if let Some(entry) = self.lock().entries.get_mut(&key) {
            entry.has_ended = true;
            if let EntrySession::Open(session) = &entry.session {
                session.mark_end_reported();
            }
            entry.forget_at = Some(Instant::now() + GRACE);
        }
    }

    /// Opens no sessions from now on.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
    }

    /// Returns the sessions that have not ended, with their keys.
    pub(super) fn open_sessions(&self) -> Vec<(Uuid, Session)> {
        let state = self.lock();
        let open = state.entries.iter().filter_map(|(key, entry)| match &entry.session {
            EntrySession::Open(session) if !entry.has_ended() => Some((*key, session.clone())),
            _ => None,
        });
        open.collect()
    }

    /// Returns the number of sessions, without those that are forgotten.
    pub(super) fn len(&self) -> usize {
        let now = Instant::now();
        self.lock().entries.values().filter(|entry| !entry.is_forgotten(now)).count()
    }

    /// No code that can panic runs under the lock.
    fn lock(&self) -> MutexGuard<'_, EntriesState<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> EntriesState<T> {
    /// Also returns the entries that were forgotten: the code that drops values may need the lock.
    fn add(&mut self, value: Arc<T>, max: usize) -> (Result<Uuid, AddError>, Vec<SessionEntry<T>>) {
        if self.is_closed {
            return (Err(AddError::Closed), Vec::new());
        }
        let forgotten = self.sweep(Instant::now(), max);
        if self.entries.len() >= max {
            return (Err(AddError::Full), forgotten);
        }
        let key = Uuid::new_v4();
        self.entries.insert(key, SessionEntry::new(value, EntrySession::Opening));
        (Ok(key), forgotten)
    }

    fn remove(&mut self, key: Uuid) -> Option<SessionEntry<T>> {
        let entry = self.entries.remove(&key)?;
        if let Some(id) = entry.session.id() {
            self.keys.remove(id);
        }
        Some(entry)
    }

    /// Removes the sessions that are forgotten, from time to time and if there are `max` entries.
    fn sweep(&mut self, now: Instant, max: usize) -> Vec<SessionEntry<T>> {
        if now < self.next_sweep && self.entries.len() < max {
            return Vec::new();
        }
        self.next_sweep = now + SWEEP_INTERVAL;
        let forgotten = self.entries.iter().filter(|(_, entry)| entry.is_forgotten(now)).map(|(key, _)| *key);
        let forgotten: Vec<_> = forgotten.collect();
        forgotten.into_iter().filter_map(|key| self.remove(key)).collect()
    }
}
