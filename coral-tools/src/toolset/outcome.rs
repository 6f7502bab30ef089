//! What came of a call.

use std::time::Duration;

use serde::Serialize;

use crate::error::PLAIN_FAILURE;
use crate::schema::Problem;

/// What came of a call. [`Outcome::into_json`] is what an agent reads of it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The tool returned; the bytes are the JSON object that describes the value.
    Success(Vec<u8>),
    /// The arguments are not what the schema says; the tool was not run.
    BadArguments(Vec<Problem>),
    /// The tool refused or failed, with a sentence for the agent.
    Failed(String),
    /// The tool took longer than this and was dropped.
    DeadlinePassed(Duration),
    /// The tool panicked.
    Panicked,
    /// The application does not know the session.
    UnknownSession,
    /// The set has no tool of that name.
    UnknownTool,
}

/// What an agent reads when a call fails.
#[derive(Serialize)]
struct Failure<'a> {
    success: bool,
    error: &'a str,
    #[serde(skip_serializing_if = "<[Problem]>::is_empty")]
    details: &'a [Problem],
}

impl Outcome {
    /// Whether the tool returned a value.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success(_))
    }

    /// One word for logs and metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Success(_) => "success",
            Self::BadArguments(_) => "bad_arguments",
            Self::Failed(_) => "failed",
            Self::DeadlinePassed(_) => "deadline_passed",
            Self::Panicked => "panicked",
            Self::UnknownSession => "unknown_session",
            Self::UnknownTool => "unknown_tool",
        }
    }

    /// The JSON object that an agent reads: the value, or `{"success": false, "error": "…", "details": […]}`.
    #[must_use]
    pub fn into_json(self) -> Vec<u8> {
        match self {
            Self::Success(json) => json,
            Self::BadArguments(problems) => failure(&summary(&problems), &problems),
            Self::Failed(message) => failure(&message, &[]),
            Self::DeadlinePassed(limit) => {
                let limit = limit.as_secs_f64();
                failure(
                    &format!("the tool did not finish within {limit} s and was stopped; it may have had an effect"),
                    &[],
                )
            }
            Self::Panicked => failure(PLAIN_FAILURE, &[]),
            Self::UnknownSession => failure("Invalid session", &[]),
            Self::UnknownTool => failure("there is no tool of this name", &[]),
        }
    }
}

fn summary(problems: &[Problem]) -> String {
    match problems {
        [only] => only.to_string(),
        many => format!("the arguments are not what the schema says, in {} places; see details", many.len()),
    }
}

fn failure(error: &str, details: &[Problem]) -> Vec<u8> {
    // Strings and problems always serialize; the fallback keeps this free of a panic.
    serde_json::to_vec(&Failure { success: false, error, details }).unwrap_or_else(|_| br#"{"success":false}"#.to_vec())
}
