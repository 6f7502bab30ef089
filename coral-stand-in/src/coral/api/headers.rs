//! Checks of the headers `Accept` and `Origin`, and the headers of all responses.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HOST, ORIGIN, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

/// Responds with 406 instead of JSON if the client does not accept JSON.
pub(super) async fn check_accept(request: Request, next: Next) -> Response {
    let accepts = accepts_json(request.headers());
    let response = next.run(request).await;
    let is_json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if is_json && !accepts { StatusCode::NOT_ACCEPTABLE.into_response() } else { response }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut accepts = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    let json_types = ["*/*", "application/*", "application/json"];
    let includes_json = |range: &str| json_types.contains(&range.split(';').next().unwrap_or_default().trim());
    accepts.peek().is_none() || accepts.any(|value| value.split(',').any(includes_json))
}

/// Rejects requests of pages of other origins.
pub(super) async fn check_origin(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_same_origin =
        headers.get(ORIGIN).is_none_or(|origin| origin.to_str().is_ok_and(|origin| origin == format!("http://{host}")));
    if is_same_origin { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

/// Sets the headers that all responses have, and removes those that none has.
pub(super) async fn set_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(VARY, HeaderValue::from_static("Origin"));
    response.headers_mut().remove(ALLOW);
    response
}
