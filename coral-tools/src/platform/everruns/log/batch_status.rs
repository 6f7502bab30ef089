//! What has become of a batch of calls that were asked for at one time.

use serde_json::Value;

use super::Log;
use super::call_history::{CallLog, Done};
use crate::platform::event::ToolResult;

#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Fate {
    /// They wait for their answers.
    Open,
    /// Some have theirs, and the others should have any moment.
    Settling,
    /// All is over; these have not got our answers.
    Over { late: Vec<String> },
}

impl Log {
    /// What has become of the calls that are answered here. `is_sent`: the answers have been handed in, perhaps.
    pub(in super::super) fn fate(&self, answers: &[ToolResult], is_sent: bool) -> Fate {
        let calls: Vec<_> = answers.iter().map(|answer| (answer, self.calls.get(&answer.call_id))).collect();
        let asked = calls.iter().filter_map(|(_, call)| call.and_then(CallLog::asked)).max();
        let done: Vec<_> = calls.iter().map(|(_, call)| call.and_then(|call| self.done(call))).collect();
        let open = calls.iter().filter(|(_, call)| call.is_some_and(|call| self.is_open(call))).count();
        let is_any_lost = done.iter().flatten().any(|done| done.lost);
        // It asks for something else.
        let is_past = self.calls.values().any(|call| call.asked() > asked);
        if open == 0 || is_any_lost || is_past {
            let late = answers.iter().zip(&done).filter(|(answer, done)| is_late(answer, done.as_ref(), is_sent));
            Fate::Over { late: late.map(|(answer, _)| answer.call_id.clone()).collect() }
        } else if open < answers.len() {
            Fate::Settling
        } else {
            Fate::Open
        }
    }

    /// Those of the answers that are still waited for.
    pub(in super::super) fn unanswered(&self, answers: &[ToolResult]) -> Vec<String> {
        let is_open = |answer: &&ToolResult| self.calls.get(&answer.call_id).is_some_and(|call| self.is_open(call));
        answers.iter().filter(is_open).map(|answer| answer.call_id.clone()).collect()
    }

    /// The calls that are answered here have got our answers, or will never get them.
    pub(in super::super) fn settle(&mut self, answers: &[ToolResult]) {
        for answer in answers {
            if let Some(call) = self.calls.get_mut(&answer.call_id) {
                call.settle();
            }
        }
    }
}

/// Whether the agent reads something other than this answer. Before it is handed in, whoever has given another one was faster;
/// the same one is that of an earlier run of ours.
fn is_late(answer: &ToolResult, done: Option<&Done>, is_sent: bool) -> bool {
    let Some(done) = done.filter(|done| !done.lost) else { return true };
    !is_sent && done.text.as_deref().is_some_and(|text| is_other(text.as_bytes(), &answer.json))
}

fn is_other(text: &[u8], json: &[u8]) -> bool {
    let read = |json| serde_json::from_slice::<Value>(json).ok();
    match (read(text), read(json)) {
        (Some(text), Some(json)) => text != json,
        _ => text != json,
    }
}
