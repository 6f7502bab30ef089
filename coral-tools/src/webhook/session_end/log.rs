//! [`SessionEndLog`]: the event at the end of a session.

use std::time::Instant;

use tracing::Span;

use crate::state::report::SessionEndReport;
use crate::telemetry::{CallFields, call_event, milliseconds};

/// Logs one delivery of a report. If it is dropped before [`SessionEndLog::end`], the handler was cancelled.
pub(super) struct SessionEndLog {
    session: String,
    namespace: String,
    agent_runs: usize,
    arrived: Instant,
    outcome: &'static str,
}

impl SessionEndLog {
    pub(super) fn start(report: &SessionEndReport, arrived: Instant) -> Self {
        Self {
            session: report.session.id.clone(),
            namespace: report.namespace.name.clone(),
            agent_runs: report.agent_runs.len(),
            arrived,
            outcome: "cancelled",
        }
    }

    pub(super) fn fields(&self) -> CallFields<'_> {
        CallFields { namespace: Some(&self.namespace), ..CallFields::of_session(&self.session) }
    }

    /// The span in which the handler runs.
    pub(super) fn span(&self) -> Span {
        tracing::info_span!("session_end", gen_ai.conversation.id = self.session, coral.namespace = self.namespace)
    }

    pub(super) fn end(mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for SessionEndLog {
    fn drop(&mut self) {
        call_event!(
            info,
            self.fields(),
            "a session ended",
            outcome = self.outcome,
            agent_runs = self.agent_runs,
            duration_ms = milliseconds(self.arrived.elapsed())
        );
    }
}
