//! How the server says no, in every shape that it ever had.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::{Value, json};

use super::trap::{Shape, Traps};
use crate::request_log::RejectionReason;

/// Why a request is refused.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// What reads requests says so in plain text, whatever the shape of other errors.
    is_plain: bool,
}

impl Refusal {
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

    /// JSON of a shape that is not the request's.
    pub(super) fn unprocessable(message: impl Into<String>) -> Self {
        let message = format!("Failed to deserialize the JSON body into the target type: {}", message.into());
        Self { is_plain: true, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", message) }
    }

    pub(super) fn plain(status: StatusCode, message: impl Into<String>) -> Self {
        Self { is_plain: true, ..Self::new(status, "", message) }
    }

    pub(super) fn response(self, traps: &Traps) -> Response {
        let retry_after = traps.retry_after().filter(|_| self.may_pass());
        let reason = RejectionReason(self.message.clone());
        let mut response = reason.attach(self.in_shape(traps.shape(), retry_after));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    fn may_pass(&self) -> bool {
        self.status.is_server_error() || matches!(self.status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
    }

    fn in_shape(self, shape: Shape, retry_after: Option<u64>) -> Response {
        let Self { status, code, message, .. } = self;
        let title = status.canonical_reason().unwrap_or("Error");
        let json = |kind: &'static str, body: Value| (status, [(CONTENT_TYPE, kind)], body.to_string()).into_response();
        match if self.is_plain { Shape::Plain } else { shape } {
            Shape::Problem => {
                let mut problem = json!({"title": title, "status": status.as_u16(), "detail": message, "code": code});
                if let Some(seconds) = retry_after {
                    problem["retry_after_seconds"] = seconds.into();
                }
                json("application/problem+json", problem)
            }
            Shape::Text => json("application/json", json!({"error": message})),
            Shape::Nested => json("application/json", json!({"error": {"code": code, "message": message}})),
            Shape::Plain => (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], message).into_response(),
            Shape::Empty => status.into_response(),
        }
    }
}
