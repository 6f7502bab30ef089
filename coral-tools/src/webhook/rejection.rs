//! Rejected requests: a status without a body, so that neither an agent nor an attacker learns the reason.

use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::response::{self, ResponseBody};
use super::signature::SignatureError;
use crate::telemetry::shortened;

/// Why a request was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rejection {
    UnknownTool,
    MethodNotAllowed,
    Unauthorized(SignatureError),
    BodyTooLarge(BodyLimit),
    BodyTimeout,
    /// It was the slowest when unverified bodies exceeded their budget.
    BodyEvicted,
    BodyInterrupted,
    UnsupportedMediaType,
    InvalidAddress(&'static str),
    DifferentCallers(Box<CallerDifference>),
    TooManyCalls,
    TooManyCallsOfTool,
    TooManyBlockingCalls,
    /// The end of this session is being handled.
    AlreadyHandling {
        session: Box<str>,
    },
    /// A verified session-end report on a router that does not handle these reports.
    UnhandledReport,
    /// A session-end report on such a router, with a signature that is missing or of another secret.
    UnverifiedReport,
}

/// Two values that the request has for the same part of its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallerDifference {
    reason: &'static str,
    values: [String; 2],
}

impl CallerDifference {
    pub(super) fn new(reason: &'static str, values: [&str; 2]) -> Self {
        Self { reason, values: values.map(|value| shortened(value).to_owned()) }
    }

    pub(super) fn values(&self) -> &[String; 2] {
        &self.values
    }
}

/// The limit that a body exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyLimit {
    Calls,
    Reports,
    /// A layer around the webhooks.
    Middleware,
}

impl BodyLimit {
    /// The reason of a rejection, with the setting that raises the limit.
    fn reason(self) -> &'static str {
        match self {
            Self::Calls => "the body is larger than `WebhookConfig::body_limit` of the tools' webhooks; raise it",
            Self::Reports => "the body is larger than `WebhookConfig::body_limit` of the session-end webhook; raise it",
            Self::Middleware => {
                "the body is larger than the limit of a middleware, such as `RequestBodyLimitLayer`; raise it there"
            }
        }
    }
}

impl Rejection {
    /// Whether the body has been verified, so that the client knows the secret.
    pub(super) fn is_verified(&self) -> bool {
        match self {
            Self::MethodNotAllowed
            | Self::Unauthorized(_)
            | Self::BodyTooLarge(_)
            | Self::BodyTimeout
            | Self::BodyInterrupted
            | Self::BodyEvicted
            | Self::UnverifiedReport => false,
            Self::UnknownTool
            | Self::UnsupportedMediaType
            | Self::InvalidAddress(_)
            | Self::DifferentCallers(_)
            | Self::TooManyCalls
            | Self::TooManyCallsOfTool
            | Self::TooManyBlockingCalls
            | Self::AlreadyHandling { .. }
            | Self::UnhandledReport => true,
        }
    }

    /// Whether the request was rejected because of other requests.
    pub(super) fn is_overload(&self) -> bool {
        matches!(self, Self::BodyEvicted | Self::TooManyCalls | Self::TooManyCallsOfTool | Self::TooManyBlockingCalls)
    }

    /// A word for logs and metrics.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::UnknownTool => "unknown_tool",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Unauthorized(error) => error.label(),
            Self::BodyTooLarge(_) => "body_too_large",
            Self::BodyTimeout => "body_timeout",
            Self::BodyInterrupted => "body_interrupted",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::InvalidAddress(_) => "invalid_address",
            Self::DifferentCallers(_) => "different_callers",
            Self::BodyEvicted => "body_evicted",
            Self::TooManyCalls => "too_many_calls",
            Self::TooManyCallsOfTool => "too_many_calls_of_tool",
            Self::TooManyBlockingCalls => "too_many_blocking_calls",
            Self::AlreadyHandling { .. } => "session_end_in_progress",
            Self::UnhandledReport => "unhandled_report",
            Self::UnverifiedReport => "unverified_report",
        }
    }

    pub(super) fn difference(&self) -> Option<&CallerDifference> {
        match self {
            Self::DifferentCallers(difference) => Some(difference),
            _ => None,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::UnknownTool | Self::UnhandledReport => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthorized(_) | Self::UnverifiedReport => StatusCode::UNAUTHORIZED,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyInterrupted | Self::InvalidAddress(_) | Self::DifferentCallers(_) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyEvicted
            | Self::TooManyCalls
            | Self::TooManyCallsOfTool
            | Self::TooManyBlockingCalls
            | Self::AlreadyHandling { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The reason, for the log.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::UnknownTool => "the path does not name a tool",
            Self::MethodNotAllowed => "calls are POST requests",
            Self::Unauthorized(error) => error.hint(),
            Self::BodyTooLarge(limit) => limit.reason(),
            Self::BodyTimeout => "the body did not arrive in time; see `WebhookConfig::body_timeout`",
            Self::BodyEvicted => {
                "bodies that are being received exceed `WebhookConfig::unverified_bytes`, and this one was the slowest"
            }
            Self::BodyInterrupted => "the body ended before it was complete",
            Self::UnsupportedMediaType => "the body is not plain `application/json`",
            Self::InvalidAddress(reason) => reason,
            Self::DifferentCallers(difference) => difference.reason,
            Self::TooManyCalls => "`WebhookConfig::concurrency` calls are running",
            Self::TooManyCallsOfTool => "`WebhookConfig::tool_concurrency` calls of the tool are running",
            Self::TooManyBlockingCalls => "`WebhookConfig::blocking_concurrency` calls of blocking tools are running",
            Self::AlreadyHandling { .. } => "the end of this session is already being handled",
            Self::UnhandledReport => {
                "this is a session-end report, which the router of the tools does not handle; merge `webhook::session_end`"
            }
            Self::UnverifiedReport => {
                "this is a session-end report, which the router of the tools does not handle and whose signature is not of \
                 its secret; merge `webhook::session_end` with the secret of the reports, `network.webhookSecret`"
            }
        }
    }

    /// The header that HTTP requires with this status (RFC 9110, sections 10.2.1, 10.2.3 and 11.6.1).
    fn header(&self) -> Option<(HeaderName, &'static str)> {
        match self {
            Self::MethodNotAllowed => Some((ALLOW, "POST")),
            Self::Unauthorized(_) | Self::UnverifiedReport => Some((WWW_AUTHENTICATE, "HMAC-SHA256")),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => Some((RETRY_AFTER, "1")),
            _ => None,
        }
    }

    pub(super) fn into_response(self) -> Response<ResponseBody> {
        let mut response = response::empty(self.status());
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
