//! Why a call failed.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::error_response::ErrorResponse;
use crate::build_error::{BuildError, BuildErrors};
use crate::json::DecodeError;

/// How far a call of a server came before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureStage {
    /// What was asked for is wrong in itself; nothing was sent.
    Request,
    /// The server was not reached; nothing was sent.
    NotSent,
    /// It was sent, or may have been, and no whole answer came: the server may have done it.
    NoAnswer,
    /// The server refused the key.
    Refused,
    /// The server answered that it did not do it. A gateway before it may say so (408, 502, 503, 504) of what was done all the
    /// same; the sentence says where that is possible.
    Server,
    /// The server did it, and its answer could not be read.
    Unreadable,
}

/// Why a call of a server failed, and how far it came.
///
/// `Display` says it in a sentence with what the server said, and the server's own id of the request; keys, and what was sent,
/// are never in it.
///
/// ```
/// use coral_tools::client::{Coral, FailureStage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let nobody_listens = Coral::server("http://127.0.0.1:9", "key").retries(0);
/// let error = nobody_listens.namespaces().await.unwrap_err();
/// assert_eq!(error.stage(), FailureStage::NotSent);
/// assert!(error.is_retryable() && error.status().is_none());
/// let words = "asking the server which generation it is of: nothing was sent, since http://127.0.0.1:9 was not reached";
/// assert!(error.to_string().starts_with(words));
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ClientError(Arc<ErrorDetails>);

#[derive(Debug)]
struct ErrorDetails {
    /// What was being done.
    operation: &'static str,
    repeat: RetryPolicy,
    cause: Cause,
}

/// What a call may be repeated after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryPolicy {
    /// Only what certainly did nothing: doing it twice is not the same as doing it once.
    Never,
    /// Trouble that passes, by its status. A 500 is what Coral says of wrong requests.
    Passing,
    /// Any fault of the server.
    Faults,
}

#[derive(Debug)]
pub(crate) enum Cause {
    Request(BuildErrors),
    NotSent { server: String, source: Box<dyn Error + Send + Sync> },
    NoAnswer(Box<dyn Error + Send + Sync>),
    ErrorResponse(ErrorResponse),
    Unreadable(DecodeError),
}

impl ClientError {
    pub(crate) fn new(operation: &'static str, repeat: RetryPolicy, cause: Cause) -> Self {
        Self(Arc::new(ErrorDetails { operation, repeat, cause }))
    }

    pub(crate) fn request(operation: &'static str, errors: impl Into<BuildErrors>) -> Self {
        Self::new(operation, RetryPolicy::Never, Cause::Request(errors.into()))
    }

    pub(crate) fn unreadable(operation: &'static str, error: DecodeError) -> Self {
        Self::new(operation, RetryPolicy::Never, Cause::Unreadable(error))
    }

    /// How far the call came.
    #[must_use]
    pub fn stage(&self) -> FailureStage {
        match &self.0.cause {
            Cause::Request(_) => FailureStage::Request,
            Cause::NotSent { .. } => FailureStage::NotSent,
            Cause::NoAnswer(_) => FailureStage::NoAnswer,
            Cause::ErrorResponse(said) if said.refuses_the_key() => FailureStage::Refused,
            Cause::ErrorResponse(_) => FailureStage::Server,
            Cause::Unreadable(_) => FailureStage::Unreadable,
        }
    }

    /// The status of the answer, if there was one that says no.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.said().map(|said| said.status())
    }

    /// What the server said, which is safe to show to developers: `Agent graph contains duplicate agent names: {x=2}`.
    /// Nothing where the answer is not the API's, or has no words.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.said().and_then(ErrorResponse::message)
    }

    /// The server's word for what is wrong, where it has one: `not_found`, `invalid_request_error`. Coral has none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.said().and_then(ErrorResponse::code)
    }

    /// The id of the request at the server, for its operators, where it gives one. Coral gives none.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.said().and_then(ErrorResponse::request_id)
    }

    /// Whether it is safe to do the same again, and may go well then. The client has done so a few times already.
    ///
    /// A call that makes something, such as a session, is not safe to repeat once it may have reached the server.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.cause {
            Cause::NotSent { .. } => true,
            Cause::NoAnswer(_) => self.0.repeat != RetryPolicy::Never,
            Cause::ErrorResponse(said) => match self.0.repeat {
                RetryPolicy::Never => said.was_not_done(),
                RetryPolicy::Passing => said.may_pass(),
                RetryPolicy::Faults => said.may_pass() || said.is_a_fault(),
            },
            Cause::Request(_) | Cause::Unreadable(_) => false,
        }
    }

    /// Whether the server answered that there is no such thing: a session that has ended, an agent that is in no registry.
    /// What gateways and routers say of paths that they do not know, such as `404 page not found`, is no such answer.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.said().is_some_and(ErrorResponse::is_not_found)
    }

    /// Everything that is wrong with the request itself, where [`stage`](Self::stage) is [`FailureStage::Request`].
    #[must_use]
    pub fn build_errors(&self) -> Option<&BuildErrors> {
        match &self.0.cause {
            Cause::Request(errors) => Some(errors),
            _ => None,
        }
    }

    /// Where the answer could not be read, and why, where [`stage`](Self::stage) is [`FailureStage::Unreadable`].
    #[must_use]
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &self.0.cause {
            Cause::Unreadable(error) => Some(error),
            _ => None,
        }
    }

    /// Whether it is trouble with the server that may pass, though perhaps not soon. For what only reads, and does so again.
    pub(crate) fn is_trouble(&self) -> bool {
        match &self.0.cause {
            Cause::NotSent { .. } | Cause::NoAnswer(_) => true,
            Cause::ErrorResponse(said) => said.is_trouble(),
            Cause::Request(_) | Cause::Unreadable(_) => false,
        }
    }

    /// Whether the server does not know the path itself, as opposed to what it names.
    pub(crate) fn knows_no_such_path(&self) -> bool {
        self.said().is_some_and(ErrorResponse::knows_no_such_path)
    }

    /// Whether the server did nothing, because the body is not in a form that it knows.
    pub(crate) fn could_not_decode(&self) -> bool {
        self.said().is_some_and(ErrorResponse::could_not_decode)
    }

    fn said(&self) -> Option<&ErrorResponse> {
        match &self.0.cause {
            Cause::ErrorResponse(said) => Some(said),
            _ => None,
        }
    }

    /// How long the server asks to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.said().and_then(ErrorResponse::retry_after)
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ErrorDetails { operation, repeat, cause } = &*self.0;
        match cause {
            Cause::Request(errors) => write!(f, "{operation}: nothing was sent, since the request is wrong\n{errors}"),
            Cause::NotSent { server, source } => {
                write!(f, "{operation}: nothing was sent, since {server} was not reached: {}", ErrorChain(&**source))
            }
            Cause::NoAnswer(source) => {
                let doubt = if *repeat == RetryPolicy::Never { "; it may have been done" } else { "" };
                write!(f, "{operation}: no whole answer came{doubt}: {}", ErrorChain(&**source))
            }
            Cause::ErrorResponse(said) => {
                let doubt =
                    if *repeat == RetryPolicy::Never && said.leaves_doubt() { "; it may have been done" } else { "" };
                write!(f, "{operation}: {said}{doubt}")
            }
            Cause::Unreadable(error) => write!(f, "{operation}: the answer could not be read: {error}"),
        }
    }
}

impl Error for ClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::Request(errors) => Some(errors),
            // What `Display` has said of them already is the rest of their chains, so these are its end.
            Cause::NotSent { source, .. } | Cause::NoAnswer(source) => Some(&**source),
            Cause::Unreadable(error) => Some(error),
            Cause::ErrorResponse(_) => None,
        }
    }
}

impl From<BuildError> for Cause {
    fn from(error: BuildError) -> Self {
        Self::Request(error.into())
    }
}

/// An error with all of its sources: what is the matter stands in the last one.
struct ErrorChain<'a>(&'a (dyn Error + 'a));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(source) = next {
            write!(f, ": {source}")?;
            next = source.source();
        }
        Ok(())
    }
}
