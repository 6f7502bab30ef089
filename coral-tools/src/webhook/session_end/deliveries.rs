//! Deduplicates reports: remembers which sessions have been handled and which are being handled.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many handled sessions are remembered. Retries arrive within seconds, so a small number is enough.
const MAX_HANDLED: usize = 1024;

/// Tracks which sessions' reports have been handled, or are being handled.
#[derive(Debug, Default)]
pub(super) struct DeliveryTracker {
    sessions: Mutex<TrackedSessions>,
}

#[derive(Debug, Default)]
struct TrackedSessions {
    in_progress: Vec<String>,
    handled: VecDeque<String>,
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
        let mut sessions = self.lock();
        if sessions.handled.iter().any(|id| id == session) {
            return DeliveryStatus::Handled;
        }
        if sessions.in_progress.iter().any(|id| id == session) {
            return DeliveryStatus::InProgress;
        }
        sessions.in_progress.push(session.to_owned());
        DeliveryStatus::New(DeliveryGuard { tracker: self, session: session.to_owned() })
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
    session: String,
}

impl DeliveryGuard<'_> {
    pub(super) fn complete(self) {
        let mut sessions = self.tracker.lock();
        sessions.handled.push_back(self.session.clone());
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
}
