//! What is expected of the session itself: each function says what is not so.

use coral_tools::client::NewMessage;
use coral_tools::state::SessionState;
use coral_tools::{Session, SessionEndReport};

use crate::calls::REPORT;
use crate::request::{EDITOR, WRITER};
use crate::sessions::Report;

pub(crate) fn connected(state: &SessionState) -> Vec<String> {
    let connected = state.agents().iter().filter(|agent| agent.is_connected()).count();
    unless(connected == 2, "two agents should be connected")
}

/// The report must be the one that the writer gave to the tool.
pub(crate) fn answer(report: &Report) -> Vec<String> {
    let given: serde_json::Value = serde_json::from_str(REPORT.arguments).unwrap_or_default();
    let is_same = given["title"] == report.title && given["content"] == report.content;
    unless(is_same, "the report should be what the agent handed in")
}

/// The report of the end must be of this session and have all that was seen of it, no more and no less.
pub(crate) fn end(end: &SessionEndReport, session: &Session, said: &[NewMessage]) -> Vec<String> {
    let runs = |name: &str| end.agent_runs.iter().filter(|run| run.name == name).count();
    let told = end.session.messages().into_iter().map(|(_, message)| message);
    [
        unless(end.session.id == session.id(), "it should be of this session"),
        unless(end.session.is_closing(), "the session should be closing"),
        unless(runs(WRITER) == 1 && runs(EDITOR) == 1, "each agent should have run once"),
        unless(said.len() == 4, "four messages should have been seen"),
        unless(told.eq(said.iter().map(|said| &said.message)), "it should have the messages that were seen"),
    ]
    .concat()
}

fn unless(holds: bool, fault: &str) -> Vec<String> {
    if holds { Vec::new() } else { vec![fault.to_owned()] }
}
