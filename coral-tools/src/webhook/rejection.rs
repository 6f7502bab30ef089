//! Rejected requests: a status without a body, so that neither an agent nor an attacker learns the reason.

use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::response::{self, ResponseBody};
use super::signature::SignatureError;

/// Why a request was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejection {
    NotFound,
    MethodNotAllowed,
    Unauthorized(SignatureError),
    BodyTooLarge(BodyLimit),
    BodyTimeout,
    BodyInterrupted,
    UnsupportedMediaType,
    InvalidAddress(&'static str),
    Overloaded,
    AlreadyHandling,
    /// A verified session-end report on a router that does not handle these reports.
    UnhandledReport,
    /// A session-end report on such a router, with a signature that is missing or of another secret.
    UnverifiedReport,
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
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnhandledReport => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthorized(_) | Self::UnverifiedReport => StatusCode::UNAUTHORIZED,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyInterrupted | Self::InvalidAddress(_) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Overloaded | Self::AlreadyHandling => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The reason, for the log.
    fn reason(self) -> &'static str {
        match self {
            Self::NotFound => "the path does not name a tool",
            Self::MethodNotAllowed => "calls are POST requests",
            Self::Unauthorized(error) => error.hint(),
            Self::BodyTooLarge(limit) => limit.reason(),
            Self::BodyTimeout => "the body did not arrive in time",
            Self::BodyInterrupted => "the body ended before it was complete",
            Self::UnsupportedMediaType => "the body is not plain `application/json`",
            Self::InvalidAddress(reason) => reason,
            Self::Overloaded => "`WebhookConfig::concurrency` calls are running or that many bodies are being received",
            Self::AlreadyHandling => "the end of this session is already being handled",
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
    fn header(self) -> Option<(HeaderName, &'static str)> {
        match self {
            Self::MethodNotAllowed => Some((ALLOW, "POST")),
            Self::Unauthorized(_) | Self::UnverifiedReport => Some((WWW_AUTHENTICATE, "HMAC-SHA256")),
            Self::Overloaded | Self::AlreadyHandling => Some((RETRY_AFTER, "1")),
            _ => None,
        }
    }

    /// Logs the reason and returns the response.
    pub(super) fn into_response(self) -> Response<ResponseBody> {
        tracing::warn!(status = self.status().as_u16(), reason = self.reason(), "rejected a request");
        let mut response = response::empty(self.status());
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
