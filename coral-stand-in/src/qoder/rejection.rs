//! Error responses.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::request_log::RejectionReason;

pub(super) type ApiResult = Result<Response, Rejection>;

/// The reason why a request is rejected.
#[derive(Debug, Clone)]
pub(super) struct Rejection {
    status: StatusCode,
    message: String,
    param: Option<String>,
}

impl Rejection {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, message: message.into(), param: None }
    }

    /// A field is invalid.
    pub(super) fn field(param: &str, message: &str) -> Self {
        Self { param: Some(param.to_owned()), ..Self::new(400, format!("{param}: {message}")) }
    }

    pub(super) fn not_found(what: &str, id: &str) -> Self {
        Self::new(404, format!("{what} `{id}` not found"))
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, message)
    }

    fn kind(&self) -> &'static str {
        match self.status.as_u16() {
            400 => "invalid_request_error",
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            409 => "conflict_error",
            429 => "rate_limit_error",
            503 => "feature_not_available",
            529 => "overloaded",
            _ => "api_error",
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut error = json!({"type": self.kind(), "message": self.message});
        if let Some(param) = &self.param {
            error["param"] = json!(param);
        }
        let body = json!({"type": "error", "request_id": "req_1", "error": error});
        RejectionReason(self.message).attach(json_response(self.status.as_u16(), &body))
    }
}

pub(super) fn json_response(status: u16, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
