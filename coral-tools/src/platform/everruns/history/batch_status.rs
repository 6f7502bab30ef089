//! The state of a batch of calls, before its results are submitted.

use serde_json::Value;

use crate::platform::event::ToolResult;
use crate::platform::everruns::history::call_id_events::CallCompletion;

/// The state of a batch of calls.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::platform::everruns) enum BatchStatus {
    /// Every call waits for its result.
    Open,
    /// Some calls have results; those of the others should arrive at any moment.
    Settling,
    /// No call waits for a result. The agent does not read the results of the `late` calls.
    Settled { late: Vec<String> },
}

/// Whether results were submitted, perhaps without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::platform::everruns) enum SubmissionState {
    NotSent,
    MayBeAccepted,
}

/// Whether the agent reads something other than this result.
///
/// Before a submission, a different result in the events comes from another client, and an equal one from an earlier run of this
/// application. After it, results are not compared: servers may shorten them.
pub(super) fn is_late(result: &ToolResult, completion: Option<&CallCompletion>, submission: SubmissionState) -> bool {
    let Some(completion) = completion.filter(|completion| !completion.is_lost) else { return true };
    submission == SubmissionState::NotSent
        && completion.text.as_deref().is_some_and(|text| !is_same_json(text.as_bytes(), &result.json))
}

fn is_same_json(a: &[u8], b: &[u8]) -> bool {
    let parse = |json| serde_json::from_slice::<Value>(json).ok();
    match (parse(a), parse(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
