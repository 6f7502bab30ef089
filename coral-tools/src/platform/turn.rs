//! The result of a turn.

use std::error::Error;
use std::fmt;

use crate::api::ClientError;
use crate::toolset::Outcome;

/// The result of a turn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Turn {
    /// The agent's messages to the user, in order. The last one is its answer.
    pub messages: Vec<String>,
    /// The calls whose results were submitted, in the order of submission.
    pub calls: Vec<CallRecord>,
    /// How the turn ended.
    pub end: TurnEnd,
}

impl Turn {
    pub(super) fn new(end: TurnEnd) -> Self {
        Self { messages: Vec::new(), calls: Vec::new(), end }
    }

    /// The agent's last message; empty if it sent none.
    #[must_use]
    pub fn text(&self) -> &str {
        self.messages.last().map_or("", String::as_str)
    }
}

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TurnEnd {
    /// The agent finished.
    Done,
    /// The turn was cancelled on the platform.
    Cancelled,
    /// The application stopped the [`Run`](super::Run). The turn continues on the platform and can be resumed.
    Stopped,
}

/// A call whose result was submitted.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CallRecord {
    /// The platform's id of the call.
    pub id: String,
    /// The tool's name.
    pub tool: String,
    /// How the call ended.
    pub outcome: CallOutcome,
    /// The result that the agent reads: JSON.
    pub result: String,
    /// Whether the result came from the [`ResultCache`](super::ResultCache), so that the tool did not run again.
    pub from_cache: bool,
    /// Whether the result came too late: the platform continued without it.
    pub late: bool,
}

/// How a call ended. Printed as a short label for logs and metrics, such as `success`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallOutcome {
    /// The tool returned a value.
    Success,
    /// The arguments do not match the schema; the tool did not run.
    BadArguments,
    /// The tool returned an error with a message for the agent.
    Failed,
    /// A middleware rejected the call, or its result was too large for the toolset.
    Rejected,
    /// The tool returned an error that is only for the log.
    InternalError,
    /// The tool exceeded its timeout and was dropped; a `blocking` one that has begun continues, and its result is dropped.
    DeadlinePassed,
    /// The tool panicked.
    Panicked,
    /// The tool returned [`ToolError::unknown_session`](crate::ToolError::unknown_session).
    UnknownSession,
    /// The toolset does not contain the tool.
    UnknownTool,
    /// The call was not run, or its result was not submitted, because it exceeds a limit of the run or of the platform.
    OverLimit,
}

impl CallOutcome {
    /// The label: `success`, `bad_arguments`, `failed`, `rejected`, `internal_error`, `deadline_passed`, `panicked`, `unknown_session`,
    /// `unknown_tool` or `over_limit`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::BadArguments => "bad_arguments",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::InternalError => "internal_error",
            Self::DeadlinePassed => "deadline_passed",
            Self::Panicked => "panicked",
            Self::UnknownSession => "unknown_session",
            Self::UnknownTool => "unknown_tool",
            Self::OverLimit => "over_limit",
        }
    }
}

impl fmt::Display for CallOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&Outcome> for CallOutcome {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Success(_) => Self::Success,
            Outcome::BadArguments(_) => Self::BadArguments,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Rejected(_) => Self::Rejected,
            Outcome::InternalError => Self::InternalError,
            Outcome::DeadlinePassed(_) | Outcome::StillRunning(_) | Outcome::NotStarted(_) => Self::DeadlinePassed,
            Outcome::Panicked => Self::Panicked,
            Outcome::UnknownSession => Self::UnknownSession,
            Outcome::UnknownTool => Self::UnknownTool,
        }
    }
}

/// Why a run did not reach the end of its turn.
///
/// `Debug` prints the same text as `Display`, because a `main` that returns an error prints it with `Debug`.
#[non_exhaustive]
pub enum RunError {
    /// A request to the platform failed.
    Client(ClientError),
    /// The turn failed on the platform, for example because the model gave up or a budget is used up.
    Failed {
        /// The platform's error code, such as `retries_exhausted`.
        code: Option<String>,
        /// The platform's error message.
        message: String,
    },
    /// The platform did not wait for the tools. Contains advice on what to change.
    NotWaiting(&'static str),
    /// The agent called tools more often than [`RunLimits::rounds`](super::RunLimits::rounds) allows. Its further calls were
    /// rejected until the turn ended, or eight times; in that case the turn still runs.
    TooManyRounds(usize),
    /// The messages and results of the turn have more bytes than [`RunLimits::turn_bytes`](super::RunLimits::turn_bytes) allows.
    /// The turn still runs.
    TooLarge(usize),
    /// The platform waits for something that a tool cannot provide, such as a person's permission.
    NeedsConfirmation(Vec<String>),
    /// The platform sent something that is not valid at this point.
    Unexpected(String),
}

impl RunError {
    #[cfg(feature = "qoder")]
    pub(super) fn unexpected(problem: impl Into<String>) -> Self {
        Self::Unexpected(problem.into())
    }
}

impl From<ClientError> for RunError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl fmt::Debug for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(f),
            Self::Failed { code: Some(code), message } => write!(f, "the turn failed: {message} ({code})"),
            Self::Failed { code: None, message } => write!(f, "the turn failed: {message}"),
            Self::NotWaiting(advice) => write!(f, "the platform did not wait for the tools; {advice}"),
            Self::TooManyRounds(rounds) => {
                write!(f, "the agent called tools more than {rounds} times in one turn; further calls were rejected")
            }
            Self::TooLarge(bytes) => write!(f, "the messages and results of the turn have more than {bytes} bytes"),
            Self::NeedsConfirmation(ids) => {
                write!(f, "the platform waits for a person to confirm {}", ids.join(", "))
            }
            Self::Unexpected(problem) => write!(f, "unexpected response from the platform: {problem}"),
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Client(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn labels_are_those_of_dispatch() {
        for outcome in [
            Outcome::Success(Vec::new()),
            Outcome::BadArguments(Vec::new()),
            Outcome::Failed(String::new()),
            Outcome::rejected(""),
            Outcome::InternalError,
            Outcome::DeadlinePassed(Duration::ZERO),
            Outcome::StillRunning(Duration::ZERO),
            Outcome::NotStarted(Duration::ZERO),
            Outcome::Panicked,
            Outcome::UnknownSession,
            Outcome::UnknownTool,
        ] {
            assert_eq!(CallOutcome::from(&outcome).to_string(), outcome.label());
        }
        assert_eq!(CallOutcome::OverLimit.as_str(), "over_limit");
    }
}
