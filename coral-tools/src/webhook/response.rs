//! From an [`Outcome`] to an HTTP response, by audience.

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

use super::rejection::Rejection;
use crate::toolset::Outcome;

/// An agent reads the body only when the status is exactly 200, so everything that it can act on has that status.
pub(super) fn respond(outcome: Outcome) -> Result<Response, Rejection> {
    let status = match outcome {
        Outcome::UnknownTool => return Err(Rejection::NotFound),
        Outcome::UnknownSession => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let mut response = Response::new(Body::from(outcome.into_json()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
