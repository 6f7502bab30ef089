//! The sessions that the application has created, with their results, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::SessionEndReport;
use tokio::sync::watch;

/// The sessions that the application has created. Calls from other sessions are rejected.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sessions {
    known: Arc<Mutex<HashMap<String, watch::Sender<SessionResults>>>>,
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
        self.with(|known| _ = known.entry(session.to_owned()).or_default());
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
    pub(crate) fn end(&self, report: SessionEndReport) -> Option<()> {
        let session = report.session.id.clone();
        self.change(&session, |results| results.end = Some(report))
    }

    /// Waits for the first report of a session; `None` if the session is unknown.
    pub(crate) async fn report_of(&self, session: &str) -> Option<Report> {
        self.wait(session, |results| results.reports.first().cloned()).await
    }

    /// Waits for the end of a session; `None` if the session is unknown.
    pub(crate) async fn end_of(&self, session: &str) -> Option<SessionEndReport> {
        self.wait(session, |results| results.end.clone()).await
    }

    async fn wait<T>(&self, session: &str, find: impl Fn(&SessionResults) -> Option<T>) -> Option<T> {
        let mut results = self.with(|known| known.get(session).map(watch::Sender::subscribe))?;
        let results = results.wait_for(|results| find(results).is_some()).await.ok()?;
        find(&results)
    }

    fn change(&self, session: &str, change: impl FnOnce(&mut SessionResults)) -> Option<()> {
        self.with(|known| known.get(session).map(|results| results.send_modify(change)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, watch::Sender<SessionResults>>) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
