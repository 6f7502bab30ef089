//! The results of the application's sessions, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::SessionEndReport;
use tokio::sync::watch;

/// The sessions that the application has created. Calls from other sessions are rejected.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sessions {
    results: Arc<Mutex<HashMap<String, watch::Sender<SessionResults>>>>,
}

/// The results of a session so far.
#[derive(Debug, Default)]
struct SessionResults {
    reports: Vec<Report>,
    end: Option<SessionEndReport>,
}

/// A report that an agent submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) content: String,
}

impl Sessions {
    /// Registers a session. An application with several users would store the user here.
    pub(crate) fn register(&self, session: &str) {
        self.with(|sessions| _ = sessions.entry(session.to_owned()).or_default());
    }

    /// Stores a report and returns its number; `None` if the session is unknown.
    pub(crate) fn save(&self, session: &str, report: Report) -> Option<usize> {
        let mut number = 0;
        self.change(session, |results| {
            results.reports.push(report);
            number = results.reports.len();
        })?;
        Some(number)
    }

    /// Stores the report of a session's end; `None` if the session is unknown.
    pub(crate) fn save_end(&self, report: SessionEndReport) -> Option<()> {
        let session = report.session.id.clone();
        self.change(&session, |results| results.end = Some(report))
    }

    /// Waits for the first report of a session; `None` if the session is unknown.
    pub(crate) async fn wait_for_report(&self, session: &str) -> Option<Report> {
        self.wait(session, |results| results.reports.first().cloned()).await
    }

    /// Waits for the end of a session; `None` if the session is unknown.
    pub(crate) async fn wait_for_end(&self, session: &str) -> Option<SessionEndReport> {
        self.wait(session, |results| results.end.clone()).await
    }

    async fn wait<T>(&self, session: &str, find: impl Fn(&SessionResults) -> Option<T>) -> Option<T> {
        let mut results = self.with(|sessions| sessions.get(session).map(watch::Sender::subscribe))?;
        let results = results.wait_for(|results| find(results).is_some()).await.ok()?;
        find(&results)
    }

    fn change(&self, session: &str, change: impl FnOnce(&mut SessionResults)) -> Option<()> {
        self.with(|sessions| sessions.get(session).map(|results| results.send_modify(change)))
    }

    fn with<T>(&self, action: impl FnOnce(&mut HashMap<String, watch::Sender<SessionResults>>) -> T) -> T {
        action(&mut self.results.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
