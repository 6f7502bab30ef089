//! [`Outcome`]: how a call ended.

use std::time::Duration;

use serde::Serialize;

use crate::error::{GENERIC_MESSAGE, ToolError};
use crate::schema::Problem;

/// The largest result of a tool, in bytes of JSON, unless a toolset sets another one.
pub(super) const DEFAULT_MAX_RESULT_BYTES: usize = 1 << 20;

/// How a call ended. [`Outcome::into_json`] is what the agent receives.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The tool returned a value. The bytes are a JSON object that contains it.
    Success(Vec<u8>),
    /// The arguments do not match the schema. The tool did not run.
    BadArguments(Vec<Problem>),
    /// The tool returned an error with this message for the agent.
    Failed(String),
    /// A middleware rejected the call, a policy or a person has denied it, its result was too large, or it repeats a call that is
    /// still running. The message is for the agent: the reason, and what to do instead.
    Rejected(String),
    /// The tool returned an error that is only for the log. The agent reads "the tool failed".
    InternalError,
    /// The tool exceeded this timeout and was dropped.
    DeadlinePassed(Duration),
    /// The tool exceeded this timeout. It blocks a thread, so it continues, and its result is dropped.
    StillRunning(Duration),
    /// The tool is `blocking` and no thread was free within this timeout. It did not begin, and never will.
    NotStarted(Duration),
    /// The tool panicked.
    Panicked,
    /// The application does not know the session.
    UnknownSession,
    /// The set does not contain a tool with this name.
    UnknownTool,
}

/// The JSON object that an agent receives when a call fails.
#[derive(Serialize)]
struct FailureJson<'a> {
    success: bool,
    error: &'a str,
    #[serde(skip_serializing_if = "<[Problem]>::is_empty")]
    details: &'a [Problem],
}

impl Outcome {
    /// Creates the outcome of a call that a middleware rejects, with a message for the agent: the reason, and what to do instead.
    #[must_use]
    pub fn rejected(message: impl Into<String>) -> Self {
        Self::Rejected(message.into())
    }

    pub(super) fn from_error(error: &ToolError) -> Self {
        if error.is_unknown_session() {
            Self::UnknownSession
        } else if error.is_internal() {
            Self::InternalError
        } else {
            Self::Failed(error.message().to_owned())
        }
    }

    /// Creates the outcome of a call that a policy or a person has denied.
    pub(super) fn denied(reason: &str) -> Self {
        Self::Rejected(format!("the call was denied: {reason}"))
    }

    /// Returns `self`, or a rejection if it is a success of more than `max_bytes`.
    #[inline]
    pub(crate) fn within(self, max_bytes: usize) -> Self {
        match self {
            Self::Success(json) if json.len() > max_bytes => too_large(json.len(), max_bytes),
            other => other,
        }
    }

    /// Returns the error that the agent reads.
    pub(super) fn message(self) -> String {
        let json: serde_json::Value = serde_json::from_slice(&self.into_json()).unwrap_or_default();
        json["error"].as_str().unwrap_or(GENERIC_MESSAGE).to_owned()
    }

    /// Whether the tool returned a value.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success(_))
    }

    /// Returns a word for logs and metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Success(_) => "success",
            Self::BadArguments(_) => "bad_arguments",
            Self::Failed(_) => "failed",
            Self::Rejected(_) => "rejected",
            Self::InternalError => "internal_error",
            Self::DeadlinePassed(_) | Self::StillRunning(_) | Self::NotStarted(_) => "deadline_passed",
            Self::Panicked => "panicked",
            Self::UnknownSession => "unknown_session",
            Self::UnknownTool => "unknown_tool",
        }
    }

    /// Returns the JSON object that the agent receives: the value, or `{"success": false, "error": "…", "details": […]}`.
    #[must_use]
    pub fn into_json(self) -> Vec<u8> {
        match self {
            Self::Success(json) => json,
            Self::BadArguments(problems) => invalid_arguments(problems),
            Self::Failed(message) | Self::Rejected(message) => failure(&message, &[]),
            Self::DeadlinePassed(timeout) => unfinished(timeout, "was stopped; it may have had an effect"),
            Self::StillRunning(timeout) => unfinished(timeout, "continues without a result; it may have an effect"),
            Self::NotStarted(timeout) => {
                let seconds = timeout.as_secs_f64();
                failure(&format!("the tool could not start within {seconds} s and had no effect; try again later"), &[])
            }
            Self::Panicked | Self::InternalError => failure(GENERIC_MESSAGE, &[]),
            Self::UnknownSession => failure("Invalid session", &[]),
            Self::UnknownTool => failure("there is no tool with this name", &[]),
        }
    }
}

fn too_large(bytes: usize, max_bytes: usize) -> Outcome {
    Outcome::Rejected(format!(
        "the result has {bytes} bytes, and at most {max_bytes} are allowed; ask for less, such as fewer items or a shorter range"
    ))
}

/// The highest number of bytes of the details of invalid arguments.
const MAX_DETAILS: usize = 7 * 1024;

fn invalid_arguments(problems: Vec<Problem>) -> Vec<u8> {
    let count: usize = problems.iter().map(Problem::count).sum();
    match &problems[..] {
        // Without an argument, the error is the whole message.
        [only] if only.is_whole() => failure(&only.to_string(), &[]),
        [only] if count == 1 => failure(&only.to_string(), &problems),
        _ => failure(&format!("{count} arguments are invalid; see `details`"), &within_limit(problems, count)),
    }
}

/// Returns the problems that fit into [`MAX_DETAILS`], and the number of the others.
fn within_limit(problems: Vec<Problem>, count: usize) -> Vec<Problem> {
    let mut size = 0;
    let fits = |problem: &Problem| {
        size += serde_json::to_vec(problem).map_or(0, |json| json.len());
        size <= MAX_DETAILS
    };
    let mut listed: Vec<_> = problems.into_iter().take_while(fits).collect();
    let missing = count - listed.iter().map(Problem::count).sum::<usize>();
    if missing > 0 {
        listed.retain(|problem| problem.count() == 1);
        listed.push(Problem::more(count - listed.len()));
    }
    listed
}

fn unfinished(timeout: Duration, then: &str) -> Vec<u8> {
    failure(&format!("the tool did not finish within {} s and {then}", timeout.as_secs_f64()), &[])
}

fn failure(error: &str, details: &[Problem]) -> Vec<u8> {
    // Strings and problems always serialize; the fallback avoids a panic.
    serde_json::to_vec(&FailureJson { success: false, error, details })
        .unwrap_or_else(|_| br#"{"success":false}"#.to_vec())
}
