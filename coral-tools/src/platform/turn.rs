//! What came of a turn.

use std::error::Error;
use std::fmt;

use crate::api::ClientError;

/// What came of a turn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Turn {
    /// What the agent said to the user, in order. The last is its answer.
    pub messages: Vec<String>,
    /// The calls that were answered, in the order of the answers.
    pub calls: Vec<CallMade>,
    /// How it is over.
    pub end: TurnEnd,
}

impl Turn {
    pub(super) fn new(end: TurnEnd) -> Self {
        Self { messages: Vec::new(), calls: Vec::new(), end }
    }

    /// What the agent said last; empty where it said nothing.
    #[must_use]
    pub fn text(&self) -> &str {
        self.messages.last().map_or("", String::as_str)
    }
}

/// How a turn is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TurnEnd {
    /// The agent is done.
    Done,
    /// It was cancelled on the platform.
    Cancelled,
    /// The application has stopped the [`Run`](super::Run). The turn itself goes on, and can be resumed.
    Stopped,
}

/// A call that was answered.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CallMade {
    /// The platform's id of it.
    pub id: String,
    /// The tool's name.
    pub tool: String,
    /// What came of it, in a word: `success`, or as [`Outcome::label`](crate::Outcome::label); `foreign` of a tool that is
    /// not ours, `over_limit` of a call that was not run.
    pub outcome: &'static str,
    /// What the agent reads: JSON.
    pub text: String,
    /// Whether the answer had been given before, and the tool did not run again.
    pub repeated: bool,
    /// Whether the answer came too late: the platform has gone on without it.
    pub late: bool,
}

/// Why a turn could not be served to its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The platform cannot be spoken with.
    Client(ClientError),
    /// The turn failed on the platform: the model gave up, a budget is spent.
    Failed {
        /// The platform's word for it, such as `retries_exhausted`.
        code: Option<String>,
        /// Its sentence.
        message: String,
    },
    /// The platform did not wait for the tools; what to do about it is said.
    NotWaiting(&'static str),
    /// The agent asked more often than [`Limits::rounds`](super::Limits::rounds) allows. Its calls after that were refused
    /// until the turn was over; or, where it went on and on, eight times, and then the turn is still on.
    TooManyRounds(usize),
    /// The platform waits for something that no tool can answer, such as a person's permission.
    NeedsConfirmation(Vec<String>),
    /// The platform said something that makes no sense here.
    Unexpected(String),
}

impl RunError {
    #[cfg(feature = "qoder")]
    pub(super) fn unexpected(what: impl Into<String>) -> Self {
        Self::Unexpected(what.into())
    }
}

impl From<ClientError> for RunError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
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
                write!(f, "the agent called tools more than {rounds} times in one turn, and was refused after that")
            }
            Self::NeedsConfirmation(ids) => {
                write!(f, "the platform waits for a person to confirm {}", ids.join(", "))
            }
            Self::Unexpected(what) => write!(f, "the platform said something unexpected: {what}"),
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
