//! What a server makes of `Accept` and `Origin`.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE, HOST, ORIGIN};
use http::{HeaderMap, StatusCode};

/// JSON is not sent to who does not accept it.
pub(super) async fn accept(request: Request, next: Next) -> Response {
    let accepts = accepts_json(request.headers());
    let response = next.run(request).await;
    let is_json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if is_json && !accepts { StatusCode::NOT_ACCEPTABLE.into_response() } else { response }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut accepts = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    let kinds = ["*/*", "application/*", "application/json"];
    let fits = |range: &str| kinds.contains(&range.split(';').next().unwrap_or_default().trim());
    accepts.peek().is_none() || accepts.any(|value| value.split(',').any(fits))
}

/// Pages of other sites get nothing.
pub(super) async fn origin(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own =
        headers.get(ORIGIN).is_none_or(|origin| origin.to_str().is_ok_and(|origin| origin == format!("http://{host}")));
    if own { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}
