//! Responses as servers write them.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Serializer, Value, json};

use super::refusal::Refusal;
use crate::request_log::RejectionReason;

/// What a handler makes of a request.
pub(super) type Answer = Result<Response, Refusal>;

/// The server's JSON: four spaces a level.
pub(super) fn pretty(value: &Value) -> String {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b"    "));
    // JSON can always be written into memory.
    let _written = value.serialize(&mut serializer);
    String::from_utf8(text).unwrap_or_default()
}

pub(super) fn json_response(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(pretty(value)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

pub(super) fn ok(value: &Value) -> Answer {
    Ok(json_response(StatusCode::OK, value))
}

/// Done, and nothing to say.
pub(super) fn done() -> Answer {
    Ok(StatusCode::OK.into_response())
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let response = json_response(self.status, &json!({"message": self.message}));
        RejectionReason(self.message).attach(response)
    }
}
