//! The tools, and the reports that they store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use coral_tools::{Extension, SessionId, State, coral_tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tenant::Tenant;

/// A report that an agent submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Report {
    pub(crate) session: String,
    pub(crate) title: String,
    pub(crate) content: String,
}

/// The reports of all tenants, in memory. A service with several instances stores them in a database.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReportStore {
    reports: Arc<Mutex<HashMap<Tenant, Vec<Report>>>>,
}

impl ReportStore {
    /// Stores a report. The same report again, of a repeated call, is stored once.
    fn add(&self, tenant: Tenant, report: Report) {
        self.with(tenant, |reports| {
            if !reports.contains(&report) {
                reports.push(report);
            }
        });
    }

    fn all(&self, tenant: Tenant) -> Vec<Report> {
        self.with(tenant, |reports| reports.clone())
    }

    fn with<T>(&self, tenant: Tenant, action: impl FnOnce(&mut Vec<Report>) -> T) -> T {
        action(self.reports.lock().unwrap_or_else(PoisonError::into_inner).entry(tenant).or_default())
    }
}

/// Submit a completed report to the application.
#[coral_tool(idempotent)]
pub(crate) fn submit_report(
    /// The title of the report.
    #[arg(min_length = 1, max_length = 200)]
    title: String,
    /// The report content, in Markdown.
    #[arg(min_length = 1)]
    content: String,
    #[context] SessionId(session): SessionId,
    #[context] Extension(tenant): Extension<Tenant>,
    #[context] State(reports): State<ReportStore>,
) {
    reports.add(tenant, Report { session, title, content });
}

/// List the submitted reports.
#[coral_tool(read_only)]
pub(crate) fn list_reports(
    #[context] Extension(tenant): Extension<Tenant>,
    #[context] State(reports): State<ReportStore>,
) -> Vec<Report> {
    reports.all(tenant)
}
