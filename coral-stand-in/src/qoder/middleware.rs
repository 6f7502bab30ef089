//! The middleware of every request: records it, checks the API key, injects faults, and handles `Idempotency-Key`.

use std::io;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;

use super::fault::{Fault, value_of};
use super::records::RequestRecord;
use super::rejection::{Rejection, json_response};
use super::request_fault::FaultEffect;
use super::state::{CachedResponse, ServerState};

/// The largest body that Qoder accepts, in bytes.
const MAX_BODY: usize = 32 << 20;

pub(super) async fn handle(State(state): State<Arc<ServerState>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return Rejection::new(400, "the body is too large").into_response();
    };
    state.lock().requests.push(record(&parts, &body));
    let max_body = state.fault_value(value_of!(MaxBodySize));
    if max_body.is_some_and(|max| body.len() > max) {
        return finish(&state, Rejection::new(400, "the body is too large").into_response()).await;
    }
    if !is_authorized(&parts.headers, &state.key) {
        return finish(&state, Rejection::new(401, "invalid token").into_response()).await;
    }
    let effect = fault_effect(&state, &parts);
    match &effect {
        Some(FaultEffect::Respond { status, headers, body }) => {
            return finish(&state, error_response(*status, headers, body.as_deref())).await;
        }
        Some(FaultEffect::LoseRequest) => return closed_connection(),
        Some(FaultEffect::LoseResponse) | None => {}
    }
    let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let key = key.filter(|_| parts.method != Method::GET);
    let response = match key {
        Some(key) => run_once(&state, key, parts, body, next).await,
        None => next.run(Request::from_parts(parts, Body::from(body))).await,
    };
    if matches!(effect, Some(FaultEffect::LoseResponse)) { closed_connection() } else { finish(&state, response).await }
}

fn record(parts: &Parts, body: &Bytes) -> RequestRecord {
    let headers = parts.headers.iter().filter(|(name, _)| **name != AUTHORIZATION);
    RequestRecord {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
            .collect(),
        body: serde_json::from_slice(body).unwrap_or_default(),
        bytes: body.to_vec(),
    }
}

fn is_authorized(headers: &HeaderMap, key: &str) -> bool {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    authorization.and_then(|value| value.strip_prefix("Bearer ")) == Some(key)
}

fn fault_effect(state: &ServerState, parts: &Parts) -> Option<FaultEffect> {
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    state.lock().request_faults.iter_mut().find(|fault| fault.matches(method, path))?.count_request()
}

fn error_response(status: u16, headers: &[(&'static str, String)], body: Option<&str>) -> Response {
    let mut response = match body {
        None => Rejection::new(status, "injected fault").into_response(),
        Some(text) => {
            let mut response = text.to_owned().into_response();
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
            response
        }
    };
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Runs a request with an idempotency key; a repeated one gets the response of the first.
async fn run_once(state: &ServerState, key: String, parts: Parts, body: Bytes, next: Next) -> Response {
    let request = (format!("{} {}", parts.method, parts.uri), body.clone());
    let cached = state.lock().cached_responses.get(&key).cloned();
    if let Some(cached) = cached {
        if cached.request != request {
            return Rejection::conflict("the idempotency key was used for another request").into_response();
        }
        return with_json(cached.response.0, cached.response.1);
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if parts.status.is_success() {
        state.lock().cached_responses.insert(key, CachedResponse { request, response: (parts.status, body.clone()) });
    }
    Response::from_parts(parts, Body::from(body))
}

fn with_json(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Adds a request id to the response, or removes it from errors with [`Fault::NoRequestIds`].
async fn finish(state: &ServerState, mut response: Response) -> Response {
    if !state.has(Fault::NoRequestIds) || response.status().is_success() {
        response.headers_mut().insert("x-request-id", HeaderValue::from_static("req_1"));
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(mut error)) => {
            error.remove("request_id");
            json_response(parts.status.as_u16(), &Value::Object(error))
        }
        _ => Response::from_parts(parts, Body::from(body)),
    }
}

/// A response whose connection is closed before its first byte.
fn closed_connection() -> Response {
    let body = stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted)) });
    Response::new(Body::from_stream(body))
}
