//! Checks of the session. Each function returns the differences from what is expected.

use coral_tools::client::ReceivedMessage;
use coral_tools::state::SessionState;
use coral_tools::{Session, SessionEndReport};

use crate::calls::REPORT;
use crate::request::{EDITOR, WRITER};
use crate::sessions::Report;

pub(crate) fn connected(state: &SessionState) -> Vec<String> {
    let connected = state.agents().iter().filter(|agent| agent.is_connected()).count();
    difference_unless(connected == 2, "two agents should be connected")
}

/// The application must have the report that the writer submitted.
pub(crate) fn report(report: &Report) -> Vec<String> {
    let submitted: serde_json::Value = serde_json::from_str(REPORT.arguments).unwrap_or_default();
    let is_same = submitted["title"] == report.title && submitted["content"] == report.content;
    difference_unless(is_same, "the report should be the one that the agent submitted")
}

/// The report of the end must belong to the session and contain exactly the messages that were received.
pub(crate) fn end(end: &SessionEndReport, session: &Session, received: &[ReceivedMessage]) -> Vec<String> {
    let runs = |name: &str| end.agent_runs.iter().filter(|run| run.name == name).count();
    let messages = end.session.messages().into_iter().map(|(_, message)| message);
    [
        difference_unless(end.session.id == session.id(), "the report should belong to this session"),
        difference_unless(end.session.is_closing(), "the session should be closing"),
        difference_unless(runs(WRITER) == 1 && runs(EDITOR) == 1, "each agent should have run once"),
        difference_unless(received.len() == 4, "four messages should have been received"),
        difference_unless(
            messages.eq(received.iter().map(|new| &new.message)),
            "the report should contain the received messages",
        ),
    ]
    .concat()
}

fn difference_unless(is_met: bool, difference: &str) -> Vec<String> {
    if is_met { Vec::new() } else { vec![difference.to_owned()] }
}
