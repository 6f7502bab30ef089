//! One log event per request, and the reason of each rejection.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// The reason of an error response, in the response's extensions.
#[derive(Debug, Clone)]
pub(crate) struct RejectionReason(pub(crate) String);

impl RejectionReason {
    pub(crate) fn attach(self, mut response: Response) -> Response {
        response.extensions_mut().insert(self);
        response
    }
}

pub(crate) async fn log_request(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if let Some(RejectionReason(reason)) = response.extensions().get() {
        tracing::warn!(%method, path, status, duration_ms, reason, "rejected a request");
    } else if response.status().is_client_error() || response.status().is_server_error() {
        tracing::warn!(%method, path, status, duration_ms, "rejected a request");
    } else {
        tracing::info!(%method, path, status, duration_ms, "request");
    }
    response
}
