//! Deduplicates reports: remembers which sessions have been handled and which are being handled.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

/// How many handled sessions are remembered. Retries arrive within seconds, so a small number is enough.
const MAX_HANDLED: usize = 1024;

/// The SHA-256 of a session id. It has the same size for each id, however long that is.
type SessionDigest = [u8; 32];

/// Tracks which sessions' reports have been handled, or are being handled.
#[derive(Debug, Default)]
pub(super) struct DeliveryTracker {
    sessions: Mutex<TrackedSessions>,
}

#[derive(Debug, Default)]
struct TrackedSessions {
    in_progress: Vec<SessionDigest>,
    handled: VecDeque<SessionDigest>,
}

/// Whether a report has to be handled.
#[derive(Debug)]
pub(super) enum DeliveryStatus<'t> {
    New(DeliveryGuard<'t>),
    /// An earlier delivery is being handled, and may still fail.
    InProgress,
    Handled,
}

impl DeliveryTracker {
    pub(super) fn begin(&self, session: &str) -> DeliveryStatus<'_> {
        let session: SessionDigest = Sha256::digest(session).into();
        let mut sessions = self.lock();
        if sessions.handled.contains(&session) {
            return DeliveryStatus::Handled;
        }
        if sessions.in_progress.contains(&session) {
            return DeliveryStatus::InProgress;
        }
        sessions.in_progress.push(session);
        DeliveryStatus::New(DeliveryGuard { tracker: self, session })
    }

    /// No code that can panic runs under the lock.
    fn lock(&self) -> MutexGuard<'_, TrackedSessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A report that is being handled. If it is dropped before [`DeliveryGuard::complete`], the next delivery is handled
/// again.
#[derive(Debug)]
pub(super) struct DeliveryGuard<'t> {
    tracker: &'t DeliveryTracker,
    session: SessionDigest,
}

impl DeliveryGuard<'_> {
    pub(super) fn complete(self) {
        let mut sessions = self.tracker.lock();
        sessions.handled.push_back(self.session);
        if sessions.handled.len() > MAX_HANDLED {
            sessions.handled.pop_front();
        }
    }
}

impl Drop for DeliveryGuard<'_> {
    fn drop(&mut self) {
        self.tracker.lock().in_progress.retain(|id| *id != self.session);
    }
}

#[cfg(test)]
mod tests {
    use super::{DeliveryGuard, DeliveryStatus, DeliveryTracker, MAX_HANDLED};

    fn begin<'t>(tracker: &'t DeliveryTracker, session: &str) -> DeliveryGuard<'t> {
        match tracker.begin(session) {
            DeliveryStatus::New(delivery) => delivery,
            other => panic!("{session}: {other:?}"),
        }
    }

    #[test]
    fn a_failed_delivery_is_handled_again() {
        let tracker = DeliveryTracker::default();
        let first = begin(&tracker, "a");
        assert!(matches!(tracker.begin("a"), DeliveryStatus::InProgress));
        drop(first);
        begin(&tracker, "a").complete();
        assert!(matches!(tracker.begin("a"), DeliveryStatus::Handled));
    }

    #[test]
    fn the_number_of_remembered_sessions_is_limited() {
        let tracker = DeliveryTracker::default();
        for session in 0..=MAX_HANDLED {
            begin(&tracker, &session.to_string()).complete();
        }
        assert!(matches!(tracker.begin("0"), DeliveryStatus::New(_)), "the oldest is forgotten");
        assert!(matches!(tracker.begin("1"), DeliveryStatus::Handled));
        assert!(tracker.lock().in_progress.is_empty());
    }

    #[test]
    fn a_remembered_session_uses_the_same_memory_however_long_its_id_is() {
        let tracker = DeliveryTracker::default();
        let ids = ["x".repeat(1 << 20), "x".repeat((1 << 20) + 1)];
        for id in &ids {
            begin(&tracker, id).complete();
        }
        assert!(ids.iter().all(|id| matches!(tracker.begin(id), DeliveryStatus::Handled)));
        let sessions = tracker.lock();
        let bytes: usize = sessions.handled.iter().map(size_of_val).sum();
        assert_eq!(bytes, 2 * 32);
    }
}
