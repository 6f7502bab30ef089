//! The exit status of an agent, which only the server's log contains.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;

use super::super::events::{EventStreamItem, LogFilter};
use super::super::session::Session;
use crate::state::{AgentState, LogEvent, LogSubject};

/// Limit of reading the log. Its end is not marked.
const TIMEOUT: Duration = Duration::from_secs(1);

impl Session {
    /// Records stopped agents whose programs have exited with status 0 as connected.
    pub(super) async fn record_successful_exits(&self, agents: &[AgentState]) {
        if !self.coral().detector().can_have_events() {
            return;
        }
        join_all(agents.iter().map(async |agent| {
            let status = tokio::time::timeout(TIMEOUT, self.exit_status(&agent.name)).await;
            if status == Ok(Some(0)) {
                self.record_connected(&agent.name);
            }
        }))
        .await;
    }

    /// Reads the exit status of a stopped agent from the log. `None` if it is not there.
    async fn exit_status(&self, agent: &str) -> Option<i32> {
        let filter = LogFilter::new().namespace(self.namespace()).session(self.id()).agent(agent);
        let mut lines = self.coral().logs(&filter);
        while let Some(Ok(line)) = lines.next().await {
            let EventStreamItem::Event(line) = line else { continue };
            let is_output = line.tags.iter().any(|tag| matches!(tag.kind, LogSubject::Printed { .. }));
            if is_output || line.agent() != Some(agent) {
                continue;
            }
            match parse_exit_status(&line) {
                None if line.text.ends_with(" runtime exited") => return None,
                None => {}
                status => return status,
            }
        }
        None
    }
}

/// Parses `exited with code 0` of an executable, and `container c0ffee exited with code 0` of Docker.
fn parse_exit_status(line: &LogEvent) -> Option<i32> {
    let (subject, status) = line.text.rsplit_once("exited with code ")?;
    let is_program = subject.is_empty() || subject.starts_with("container ");
    status.parse().ok().filter(|_| is_program)
}
