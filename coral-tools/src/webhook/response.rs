//! From an [`Outcome`] to an HTTP response, by audience.

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

use crate::toolset::Outcome;

/// An agent reads the body only when the status is exactly 200, so everything that it can act on has that status.
pub(super) fn respond(outcome: Outcome) -> Response {
    let status = match outcome {
        Outcome::UnknownSession => StatusCode::BAD_REQUEST,
        Outcome::UnknownTool => StatusCode::NOT_FOUND,
        _ => StatusCode::OK,
    };
    let mut response = Response::new(match status {
        StatusCode::NOT_FOUND => Body::empty(),
        _ => Body::from(outcome.into_json()),
    });
    *response.status_mut() = status;
    if status != StatusCode::NOT_FOUND {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}
