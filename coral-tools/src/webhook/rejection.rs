//! Answers for the caller's transport: a status, nothing that an agent or an attacker could learn from.

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, StatusCode};

use super::signature::SignatureFault;

/// Why a request is not a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejection {
    NotFound,
    MethodNotAllowed,
    Unauthorized(SignatureFault),
    TooLarge,
    TooSlow,
    Broken,
    UnsupportedMediaType,
    BadAddress(&'static str),
    Overloaded,
    Running,
}

impl Rejection {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken | Self::BadAddress(_) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Overloaded | Self::Running => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// For the operator.
    fn reason(self) -> &'static str {
        match self {
            Self::NotFound => "there is no tool at this path",
            Self::MethodNotAllowed => "calls are POST requests",
            Self::Unauthorized(fault) => fault.hint(),
            Self::TooLarge => "the body is larger than the limit; raise it with `Webhooks::body_limit`",
            Self::TooSlow => "the body did not arrive in time",
            Self::Broken => "the body broke off",
            Self::UnsupportedMediaType => "the body is not plain `application/json`",
            Self::BadAddress(reason) => reason,
            Self::Overloaded => "as many calls are running, or bodies on their way, as `Webhooks::concurrency` allows",
            Self::Running => "the end of this session is being handled already",
        }
    }

    /// The header that HTTP asks for with this status (RFC 9110, parts 10.2.1, 10.2.3 and 11.6.1).
    fn header(self) -> Option<(HeaderName, &'static str)> {
        match self {
            Self::MethodNotAllowed => Some((ALLOW, "POST")),
            Self::Unauthorized(_) => Some((WWW_AUTHENTICATE, "HMAC-SHA256")),
            Self::Overloaded | Self::Running => Some((RETRY_AFTER, "1")),
            _ => None,
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        tracing::warn!(status = self.status().as_u16(), reason = self.reason(), "refused a request");
        match self.header() {
            Some(header) => (self.status(), [header]).into_response(),
            None => self.status().into_response(),
        }
    }
}
