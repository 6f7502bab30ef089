//! Which sessions' ends have been handled, so that a report that is delivered again changes nothing.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many sessions are remembered. Repeats come within seconds, so few of them would do.
const REMEMBERED: usize = 1024;

/// The sessions whose ends have been handled last, and those whose ends are being handled.
#[derive(Debug, Default)]
pub(super) struct Record {
    sessions: Mutex<Sessions>,
}

#[derive(Debug, Default)]
struct Sessions {
    running: Vec<String>,
    handled: VecDeque<String>,
}

/// What is to be done about a report.
#[derive(Debug)]
pub(super) enum Admission<'r> {
    /// Handle it.
    Run(Run<'r>),
    /// Another delivery of it is being handled, and may still fail.
    Running,
    /// It has been handled.
    Handled,
}

impl Record {
    pub(super) fn admit(&self, session: &str) -> Admission<'_> {
        let mut sessions = self.sessions();
        if sessions.handled.iter().any(|id| id == session) {
            return Admission::Handled;
        }
        if sessions.running.iter().any(|id| id == session) {
            return Admission::Running;
        }
        sessions.running.push(session.to_owned());
        Admission::Run(Run { record: self, session: session.to_owned() })
    }

    /// No code that can panic runs under the lock.
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One report that is being handled. Unless it has succeeded, however it ends, the next delivery is handled again.
#[derive(Debug)]
pub(super) struct Run<'r> {
    record: &'r Record,
    session: String,
}

impl Run<'_> {
    pub(super) fn has_succeeded(self) {
        let mut sessions = self.record.sessions();
        sessions.handled.push_back(self.session.clone());
        if sessions.handled.len() > REMEMBERED {
            sessions.handled.pop_front();
        }
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.record.sessions().running.retain(|id| *id != self.session);
    }
}

#[cfg(test)]
mod tests {
    use super::{Admission, REMEMBERED, Record, Run};

    fn run<'r>(record: &'r Record, session: &str) -> Run<'r> {
        match record.admit(session) {
            Admission::Run(run) => run,
            other => panic!("{session}: {other:?}"),
        }
    }

    #[test]
    fn a_run_that_does_not_succeed_leaves_no_trace() {
        let record = Record::default();
        let first = run(&record, "a");
        assert!(matches!(record.admit("a"), Admission::Running));
        drop(first);
        run(&record, "a").has_succeeded();
        assert!(matches!(record.admit("a"), Admission::Handled));
    }

    #[test]
    fn the_memory_has_an_end() {
        let record = Record::default();
        for session in 0..=REMEMBERED {
            run(&record, &session.to_string()).has_succeeded();
        }
        assert!(matches!(record.admit("0"), Admission::Run(_)), "the oldest is forgotten");
        assert!(matches!(record.admit("1"), Admission::Handled));
        assert!(record.sessions().running.is_empty());
    }
}
