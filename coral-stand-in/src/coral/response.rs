//! Responses.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Serializer, Value, json};

use super::rejection::Rejection;
use crate::request_log::RejectionReason;

/// The result of a handler.
pub(super) type ApiResult = Result<Response, Rejection>;

/// Formats JSON as the server does, indented by four spaces per level.
pub(super) fn pretty(value: &Value) -> String {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b"    "));
    // Serializing a `Value` into memory cannot fail.
    let _written = value.serialize(&mut serializer);
    String::from_utf8(text).unwrap_or_default()
}

pub(super) fn json_response(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(pretty(value)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

pub(super) fn json_ok(value: &Value) -> ApiResult {
    Ok(json_response(StatusCode::OK, value))
}

/// A 200 without a body.
pub(super) fn empty() -> ApiResult {
    Ok(StatusCode::OK.into_response())
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        // This status comes from the HTTP library of the server, without the API's body.
        let response = if self.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            self.status.into_response()
        } else {
            json_response(self.status, &json!({"message": self.message}))
        };
        RejectionReason(self.message).attach(response)
    }
}
