//! The sessions that the application has created, and what came of each, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::SessionEndReport;
use tokio::sync::watch;

/// Every session that the application has created. Calls from any other are refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sessions {
    known: Arc<Mutex<HashMap<String, watch::Sender<Results>>>>,
}

/// What has come of a session so far.
#[derive(Debug, Default)]
struct Results {
    reports: Vec<Report>,
    end: Option<SessionEndReport>,
}

/// One report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) content: String,
}

impl Sessions {
    /// Says that the application has created this session. Here stands for whom, where there are several users.
    pub(crate) fn register(&self, session: &str) {
        self.with(|known| _ = known.entry(session.to_owned()).or_default());
    }

    /// Keeps a report and numbers it; `None` where nobody knows the session.
    pub(crate) fn save(&self, session: &str, report: Report) -> Option<usize> {
        let mut number = 0;
        self.change(session, |results| {
            results.reports.push(report);
            number = results.reports.len();
        })?;
        Some(number)
    }

    /// Keeps what Coral says of a session's end; `None` where nobody knows the session.
    pub(crate) fn end(&self, report: SessionEndReport) -> Option<()> {
        let session = report.session.id.clone();
        self.change(&session, |results| results.end = Some(report))
    }

    /// Waits for the first report of a session; `None` where nobody knows the session.
    pub(crate) async fn report_of(&self, session: &str) -> Option<Report> {
        self.wait(session, |results| results.reports.first().cloned()).await
    }

    /// Waits for the end of a session; `None` where nobody knows the session.
    pub(crate) async fn end_of(&self, session: &str) -> Option<SessionEndReport> {
        self.wait(session, |results| results.end.clone()).await
    }

    async fn wait<T>(&self, session: &str, find: impl Fn(&Results) -> Option<T>) -> Option<T> {
        let mut results = self.with(|known| known.get(session).map(watch::Sender::subscribe))?;
        let results = results.wait_for(|results| find(results).is_some()).await.ok()?;
        find(&results)
    }

    fn change(&self, session: &str, change: impl FnOnce(&mut Results)) -> Option<()> {
        self.with(|known| known.get(session).map(|results| results.send_modify(change)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, watch::Sender<Results>>) -> T) -> T {
        work(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
