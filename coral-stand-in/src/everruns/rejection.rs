//! Error responses, in every format that servers have used.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::{Value, json};

use super::fault::{ErrorFormat, Faults};
use crate::request_log::RejectionReason;

/// The reason why a request is rejected.
#[derive(Debug, Clone)]
pub(super) struct Rejection {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// Errors of body decoding are plain text, in every format.
    is_plain: bool,
}

impl Rejection {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), is_plain: false }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("{what} not found"))
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", message)
    }

    /// The JSON of the request does not have the expected types.
    pub(super) fn unprocessable(message: impl Into<String>) -> Self {
        let message = format!("Failed to deserialize the JSON body into the target type: {}", message.into());
        Self { is_plain: true, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", message) }
    }

    pub(super) fn plain(status: StatusCode, message: impl Into<String>) -> Self {
        Self { is_plain: true, ..Self::new(status, "", message) }
    }

    pub(super) fn into_response(self, faults: &Faults) -> Response {
        let retry_after = faults.retry_after().filter(|_| self.is_transient());
        let reason = RejectionReason(self.message.clone());
        let mut response = reason.attach(self.format(faults.error_format(), retry_after));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    fn is_transient(&self) -> bool {
        self.status.is_server_error() || matches!(self.status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
    }

    fn format(self, format: ErrorFormat, retry_after: Option<u64>) -> Response {
        let Self { status, code, message, .. } = self;
        let title = status.canonical_reason().unwrap_or("Error");
        let json = |kind: &'static str, body: Value| (status, [(CONTENT_TYPE, kind)], body.to_string()).into_response();
        match if self.is_plain { ErrorFormat::Plain } else { format } {
            ErrorFormat::Problem => {
                let mut problem = json!({"title": title, "status": status.as_u16(), "detail": message, "code": code});
                if let Some(seconds) = retry_after {
                    problem["retry_after_seconds"] = seconds.into();
                }
                json("application/problem+json", problem)
            }
            ErrorFormat::Text => json("application/json", json!({"error": message})),
            ErrorFormat::Nested => json("application/json", json!({"error": {"code": code, "message": message}})),
            ErrorFormat::Plain => (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], message).into_response(),
            ErrorFormat::Empty => status.into_response(),
        }
    }
}
