//! Errors of requests.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::error_context::ErrorContext;
use super::error_response::ErrorResponse;
use crate::build_error::{BuildError, BuildErrors};
use crate::json::DecodeError;

/// How far a request got before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureStage {
    /// The request is invalid. It was not sent.
    InvalidRequest,
    /// The connection could not be established, or the client opens no session at present. The request was not sent.
    NotSent,
    /// The request was sent, at least in part, and no complete response arrived: the server may have executed it.
    NoResponse,
    /// The server rejected the API key, with status 401 or 403.
    KeyRejected,
    /// The server returned another error status, so it did not execute the request. A gateway in front of the server may also
    /// return 408, 502, 503 or 504 for a request that was executed; the error's text then mentions that.
    ErrorResponse,
    /// The server executed the request, and its response could not be decoded. Also a page of HTML with a successful status, which
    /// something else than the API has sent.
    InvalidResponse,
}

/// The error of a request: what failed, and how far the request got.
///
/// `Display` prints the operation, the server's message and status, and the server's id of the request. It never contains API keys
/// or the body of the request.
///
/// ```
/// use coral_tools::client::{Coral, FailureStage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let unreachable = Coral::server("http://127.0.0.1:9", "key").retries(0);
/// let error = unreachable.namespaces().await.unwrap_err();
/// assert_eq!(error.stage(), FailureStage::NotSent);
/// assert!(error.is_retryable() && error.status().is_none());
/// let expected = "detecting the server version: request not sent: cannot connect to http://127.0.0.1:9: ";
/// assert!(error.to_string().starts_with(expected));
/// # }
/// ```
///
/// `Debug` prints the same text as `Display`, because a `main` that returns an error prints it with `Debug`.
#[derive(Clone)]
pub struct ClientError {
    data: Arc<ClientErrorData>,
    context: ErrorContext,
}

#[derive(Debug)]
struct ClientErrorData {
    /// The purpose of the request, such as `creating a session`.
    operation: &'static str,
    retry_policy: RetryPolicy,
    cause: ClientErrorCause,
}

/// Which errors allow a request to be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryPolicy {
    /// Only errors after which the server certainly did not execute the request. For requests that are not idempotent.
    Never,
    /// Also transient errors, by their status. Not 500, which Coral returns for invalid requests.
    Transient,
    /// Also every 5xx.
    ServerErrors,
}

#[derive(Debug)]
pub(crate) enum ClientErrorCause {
    InvalidRequest(BuildErrors),
    NotSent {
        server: String,
        source: Box<dyn Error + Send + Sync>,
    },
    /// The application sends no such request at present.
    #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "only the client limits sessions"))]
    Unavailable(String),
    NoResponse(Box<dyn Error + Send + Sync>),
    ErrorResponse(ErrorResponse),
    InvalidResponse(DecodeError),
    /// A successful response with a page of HTML, which the API never sends.
    HtmlPage {
        status: StatusCode,
    },
}

impl ClientError {
    pub(crate) fn new(operation: &'static str, retry_policy: RetryPolicy, cause: ClientErrorCause) -> Self {
        Self { data: Arc::new(ClientErrorData { operation, retry_policy, cause }), context: ErrorContext::default() }
    }

    /// The client does not send this request at present, although it is valid.
    #[cfg(feature = "client")]
    pub(crate) fn unavailable(operation: &'static str, reason: impl Into<String>) -> Self {
        Self::new(operation, RetryPolicy::Never, ClientErrorCause::Unavailable(reason.into()))
    }

    /// Adds the agents that were running after a request to stop them.
    #[cfg(feature = "client")]
    pub(crate) fn with_running_agents(mut self, agents: Vec<String>) -> Self {
        self.context.running_agents = agents.into();
        self
    }

    /// Adds the session that the request was about.
    #[cfg(feature = "client")]
    pub(crate) fn with_session_id(mut self, id: &str) -> Self {
        self.context.session_id = Some(id.into());
        self
    }

    /// Adds a probable cause.
    #[cfg(feature = "client")]
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.context.hint = Some(hint.into());
        self
    }

    /// Returns the id of the session that the request was about, for an application that received no
    /// [`Session`](crate::Session): `Some` for every error of a session that exists, such as one that
    /// [`Coral::create_session_with`](crate::Coral::create_session_with) has created and could not start.
    #[cfg(feature = "client")]
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.context.session_id.as_deref()
    }

    /// Returns whether the server rejected a session because it does not know the type of an agent, or its registry: a coral-server
    /// returns 500 and `Agent 'x' not found in any of the 6 registry sources matching 'local'`.
    #[cfg(feature = "client")]
    #[must_use]
    pub fn is_unknown_agent(&self) -> bool {
        self.error_response().is_some_and(ErrorResponse::is_unknown_agent)
    }

    /// Returns the status for a client of the application that caused the request, as for a gateway (RFC 9110, 15.6):
    ///
    /// | status | cause |
    /// | --- | --- |
    /// | 500 | the application's request is invalid |
    /// | 503 | the server cannot be reached, or returned 429 or 503; the client opens no session at present |
    /// | 504 | no response in time, or the server returned 408 or 504 |
    /// | 502 | every other error of the server, also a rejected API key or a response that cannot be decoded |
    ///
    /// Errors that the application's client has caused need a status of the application, such as 404 for
    #[cfg_attr(feature = "client", doc = " [`is_unknown_agent`](Self::is_unknown_agent) or")]
    /// [`is_not_found`](Self::is_not_found).
    #[must_use]
    pub fn gateway_status(&self) -> StatusCode {
        match (self.stage(), self.status()) {
            (FailureStage::InvalidRequest, _) => StatusCode::INTERNAL_SERVER_ERROR,
            (FailureStage::NotSent, _) | (_, Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            (_, Some(StatusCode::REQUEST_TIMEOUT)) => StatusCode::GATEWAY_TIMEOUT,
            _ if self.is_timeout() => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        }
    }

    /// Returns the names of the agents that were still running after a request to stop them had timed out: that of
    /// [`Session::close`](crate::Session::close), [`Puppet::kill`](crate::client::Puppet::kill) or
    /// [`Coral::delete_namespace`](crate::Coral::delete_namespace). Empty for every other error.
    #[cfg(feature = "client")]
    #[must_use]
    pub fn running_agents(&self) -> &[String] {
        &self.context.running_agents
    }

    pub(crate) fn invalid_request(operation: &'static str, errors: impl Into<BuildErrors>) -> Self {
        Self::new(operation, RetryPolicy::Never, ClientErrorCause::InvalidRequest(errors.into()))
    }

    pub(crate) fn invalid_response(operation: &'static str, error: DecodeError) -> Self {
        Self::new(operation, RetryPolicy::Never, ClientErrorCause::InvalidResponse(error))
    }

    /// Returns how far the request got.
    #[must_use]
    pub fn stage(&self) -> FailureStage {
        match &self.data.cause {
            ClientErrorCause::InvalidRequest(_) => FailureStage::InvalidRequest,
            ClientErrorCause::NotSent { .. } | ClientErrorCause::Unavailable(_) => FailureStage::NotSent,
            ClientErrorCause::NoResponse(_) => FailureStage::NoResponse,
            ClientErrorCause::ErrorResponse(response) if response.is_key_rejected() => FailureStage::KeyRejected,
            ClientErrorCause::ErrorResponse(_) => FailureStage::ErrorResponse,
            ClientErrorCause::InvalidResponse(_) | ClientErrorCause::HtmlPage { .. } => FailureStage::InvalidResponse,
        }
    }

    /// Returns the status of the error response. `None` if there was no response, or if it was successful and could not be
    /// decoded.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.error_response().map(ErrorResponse::status)
    }

    /// Returns the server's message, such as `Agent graph contains duplicate agent names: {x=2}`. It contains no API key, so it
    /// can be shown to developers. `None` if the response is not from the API, or has no message.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.error_response().and_then(ErrorResponse::message)
    }

    /// Returns the server's error code, such as `not_found` or `invalid_request_error`. Coral sends no codes.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.error_response().and_then(ErrorResponse::code)
    }

    /// Returns the server's id of the request, for its operators. Coral sends no ids.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.error_response().and_then(ErrorResponse::request_id)
    }

    /// Returns whether the same request can safely be sent again, and may then succeed. The client has already retried it as often
    /// as its settings allow.
    ///
    /// True if the request was not sent, and after a 429. For requests that can be repeated without a further effect, such as
    /// reading and deleting, also if there was no response, and after a 408, 502, 503 or 504; on Everruns and Qoder after every 5xx.
    /// The server can overrule the status with the header `x-should-retry`. False if the server's `Retry-After` is longer than a
    /// minute.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.data.cause {
            ClientErrorCause::NotSent { .. } | ClientErrorCause::Unavailable(_) => true,
            ClientErrorCause::NoResponse(_) => self.data.retry_policy != RetryPolicy::Never,
            ClientErrorCause::ErrorResponse(response) => match self.data.retry_policy {
                RetryPolicy::Never => response.is_safe_to_retry(),
                RetryPolicy::Transient => response.is_transient(),
                RetryPolicy::ServerErrors => response.is_transient() || response.is_retryable_server_error(),
            },
            ClientErrorCause::InvalidRequest(_)
            | ClientErrorCause::InvalidResponse(_)
            | ClientErrorCause::HtmlPage { .. } => false,
        }
    }

    /// Returns whether the API reported that the requested object does not exist, such as a session that has ended or an agent
    /// that is not in the registry. False for a 404 of a gateway or router that does not know the path, such as
    /// `404 page not found`.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.error_response().is_some_and(ErrorResponse::is_not_found)
    }

    /// Returns every problem of the request, if [`stage`](Self::stage) is [`FailureStage::InvalidRequest`].
    #[must_use]
    pub fn build_errors(&self) -> Option<&BuildErrors> {
        match &self.data.cause {
            ClientErrorCause::InvalidRequest(errors) => Some(errors),
            _ => None,
        }
    }

    /// Returns why the response could not be decoded, and at which location, if [`stage`](Self::stage) is
    /// [`FailureStage::InvalidResponse`]. `None` for a page of HTML.
    #[must_use]
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &self.data.cause {
            ClientErrorCause::InvalidResponse(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the server is unreachable or overloaded, for any length of time. Only for requests that read repeatedly.
    pub(crate) fn is_outage(&self) -> bool {
        match &self.data.cause {
            ClientErrorCause::NotSent { .. } | ClientErrorCause::NoResponse(_) => true,
            ClientErrorCause::ErrorResponse(response) => response.is_outage(),
            ClientErrorCause::InvalidRequest(_)
            | ClientErrorCause::Unavailable(_)
            | ClientErrorCause::InvalidResponse(_)
            | ClientErrorCause::HtmlPage { .. } => false,
        }
    }

    /// Whether the response is a page of HTML with a successful status.
    #[cfg(feature = "client")]
    pub(crate) fn is_html_page(&self) -> bool {
        matches!(self.data.cause, ClientErrorCause::HtmlPage { .. })
    }

    /// Whether no response arrived in time, at the client or at a gateway.
    pub(crate) fn is_timeout(&self) -> bool {
        match &self.data.cause {
            ClientErrorCause::NoResponse(source) => {
                source.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout)
            }
            ClientErrorCause::ErrorResponse(response) => response.status() == StatusCode::GATEWAY_TIMEOUT,
            ClientErrorCause::InvalidRequest(_)
            | ClientErrorCause::NotSent { .. }
            | ClientErrorCause::Unavailable(_)
            | ClientErrorCause::InvalidResponse(_)
            | ClientErrorCause::HtmlPage { .. } => false,
        }
    }

    /// Whether the server does not know the path itself, as opposed to the object that the path names.
    pub(crate) fn is_unknown_path(&self) -> bool {
        self.error_response().is_some_and(ErrorResponse::is_unknown_path)
    }

    /// Whether the server could not decode the body of the request, and so did not execute it.
    pub(crate) fn is_request_decode_error(&self) -> bool {
        self.error_response().is_some_and(ErrorResponse::is_request_decode_error)
    }

    /// Whether the server cannot end a session because it was never executed.
    #[cfg(feature = "client")]
    pub(crate) fn is_not_launched(&self) -> bool {
        self.error_response().is_some_and(ErrorResponse::is_not_launched)
    }

    fn error_response(&self) -> Option<&ErrorResponse> {
        match &self.data.cause {
            ClientErrorCause::ErrorResponse(response) => Some(response),
            _ => None,
        }
    }

    /// The server's `Retry-After`.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.error_response().and_then(ErrorResponse::retry_after)
    }

    /// Whether the server may have executed a request that must not be executed twice.
    fn is_outcome_unknown(&self) -> bool {
        self.data.retry_policy == RetryPolicy::Never
            && match &self.data.cause {
                ClientErrorCause::NoResponse(_) | ClientErrorCause::HtmlPage { .. } => true,
                ClientErrorCause::ErrorResponse(response) => response.is_outcome_unknown(),
                ClientErrorCause::InvalidRequest(_)
                | ClientErrorCause::NotSent { .. }
                | ClientErrorCause::Unavailable(_)
                | ClientErrorCause::InvalidResponse(_) => false,
            }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClientErrorData { operation, cause, .. } = &*self.data;
        let note = if self.is_outcome_unknown() { "; the server may have executed the request" } else { "" };
        match cause {
            ClientErrorCause::InvalidRequest(errors) => {
                write!(f, "{operation}: request not sent: it is invalid\n{errors}")
            }
            ClientErrorCause::NotSent { server, source } => {
                write!(f, "{operation}: request not sent: cannot connect to {server}: {}", ErrorChain(&**source))
            }
            ClientErrorCause::Unavailable(reason) => write!(f, "{operation}: request not sent: {reason}"),
            ClientErrorCause::NoResponse(source) => {
                write!(f, "{operation}: no complete response{note}: {}", ErrorChain(&**source))
            }
            ClientErrorCause::ErrorResponse(response) => write!(f, "{operation}: {response}{note}"),
            ClientErrorCause::HtmlPage { status } => {
                write!(
                    f,
                    "{operation}: received a page of HTML ({status}), which is not a response of the API; check the server's URL{note}"
                )
            }
            ClientErrorCause::InvalidResponse(error) => write!(f, "{operation}: cannot decode the response: {error}"),
        }?;
        self.context.fmt(f)
    }
}

impl fmt::Debug for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.data.cause {
            ClientErrorCause::InvalidRequest(errors) => Some(errors),
            ClientErrorCause::NotSent { source, .. } | ClientErrorCause::NoResponse(source) => Some(&**source),
            ClientErrorCause::InvalidResponse(error) => Some(error),
            ClientErrorCause::ErrorResponse(_)
            | ClientErrorCause::Unavailable(_)
            | ClientErrorCause::HtmlPage { .. } => None,
        }
    }
}

impl From<BuildError> for ClientErrorCause {
    fn from(error: BuildError) -> Self {
        Self::InvalidRequest(error.into())
    }
}

/// Prints an error with all of its sources. With `reqwest`, only the last source names the actual cause.
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
