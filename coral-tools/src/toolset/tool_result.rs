//! Converts the result of a tool to the [`Outcome`] of its call.

use super::outcome::Outcome;
use crate::call::Call;
use crate::schema::Problem;
use crate::telemetry::call_event;
use crate::tool::CallError;

/// The highest number of locations in the event about invalid arguments.
const MAX_PATHS: usize = 20;

/// Converts the result, and logs what the agent does not read.
pub(super) fn outcome_of_result(call: &Call<'_>, result: Result<Vec<u8>, CallError>) -> Outcome {
    match result {
        Ok(json) => Outcome::Success(json),
        Err(CallError::Arguments(problems)) => {
            call_event!(debug, call, "the arguments are invalid", paths = ?paths(&problems));
            Outcome::BadArguments(problems)
        }
        Err(CallError::Tool(error)) => {
            if let Some(cause) = error.source_chain() {
                call_event!(error, call, "the tool failed", error = error.message(), cause);
            }
            Outcome::from_error(&error)
        }
    }
}

/// Returns the locations of the problems. The values are not logged.
fn paths(problems: &[Problem]) -> Vec<&str> {
    problems.iter().take(MAX_PATHS).map(Problem::path).collect()
}
