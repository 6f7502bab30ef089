//! What agents have handed in, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The reports of every session that the application has created.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reports {
    sessions: Arc<Mutex<HashMap<String, Vec<Report>>>>,
}

/// One report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) content: String,
}

impl Reports {
    /// Says that the application has created this session.
    pub(crate) fn expect_from(&self, session: &str) {
        self.with(|sessions| _ = sessions.entry(session.to_owned()).or_default());
    }

    /// Keeps a report and numbers it; `None` where nobody knows the session.
    pub(crate) fn save(&self, session: &str, title: String, content: String) -> Option<usize> {
        self.with(|sessions| {
            let reports = sessions.get_mut(session)?;
            reports.push(Report { title, content });
            Some(reports.len())
        })
    }

    /// What a session has handed in.
    #[cfg(test)]
    pub(crate) fn of(&self, session: &str) -> Vec<Report> {
        self.with(|sessions| sessions.get(session).cloned().unwrap_or_default())
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, Vec<Report>>) -> T) -> T {
        work(&mut self.sessions.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
