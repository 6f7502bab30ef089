//! What every request passes: it is written down, its token is looked at, things go wrong, keys are kept.

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

use super::fault::Harm;
use super::refusal::{Refusal, json_response};
use super::trap::Trap;
use super::world::{Kept, Received, World};

/// The largest body, as Qoder has it.
const BODY: usize = 32 << 20;

pub(super) async fn pass(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY).await else {
        return Refusal::new(400, "the body is too large").into_response();
    };
    world.inner().requests.push(received(&parts, &body));
    let most = world.number(|trap| if let Trap::BodiesOf(bytes) = trap { Some(*bytes) } else { None });
    if most.is_some_and(|most| body.len() > most) {
        return tidy(&world, Refusal::new(400, "the body is too large").into_response()).await;
    }
    if !is_admitted(&parts.headers, &world.token) {
        return tidy(&world, Refusal::new(401, "invalid token").into_response()).await;
    }
    let harm = harm(&world, &parts);
    match &harm {
        Some(Harm::Says { status, headers, body }) => {
            return tidy(&world, says(*status, headers, body.as_deref())).await;
        }
        Some(Harm::CutBefore) => return cut(),
        Some(Harm::CutAfter) | None => {}
    }
    let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let key = key.filter(|_| parts.method != Method::GET);
    let response = match key {
        Some(key) => once(&world, key, parts, body, next).await,
        None => next.run(Request::from_parts(parts, Body::from(body))).await,
    };
    if matches!(harm, Some(Harm::CutAfter)) { cut() } else { tidy(&world, response).await }
}

fn received(parts: &Parts, body: &Bytes) -> Received {
    let shown = parts.headers.iter().filter(|(name, _)| **name != AUTHORIZATION);
    Received {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: shown
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
            .collect(),
        body: serde_json::from_slice(body).unwrap_or_default(),
        bytes: body.to_vec(),
    }
}

fn is_admitted(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bearer ")) == Some(token)
}

fn harm(world: &World, parts: &Parts) -> Option<Harm> {
    let mut inner = world.inner();
    let fault = inner.faults.iter_mut().find(|fault| fault.is_about(parts.method.as_str(), parts.uri.path()))?;
    if fault.spared > 0 {
        fault.spared -= 1;
        return None;
    }
    fault.times -= 1;
    Some(fault.harm.clone())
}

fn says(status: u16, headers: &[(&'static str, String)], body: Option<&str>) -> Response {
    let mut response = match body {
        None => Refusal::new(status, "something went wrong").into_response(),
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

/// Answers again what was answered to the key before.
async fn once(world: &World, key: String, parts: Parts, body: Bytes, next: Next) -> Response {
    let request = (format!("{} {}", parts.method, parts.uri), body.clone());
    let known = world.inner().kept.get(&key).cloned();
    if let Some(kept) = known {
        if kept.request != request {
            return Refusal::conflict("the idempotency key was used for another request").into_response();
        }
        return with_json(kept.reply.0, kept.reply.1);
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if parts.status.is_success() {
        world.inner().kept.insert(key, Kept { request, reply: (parts.status, body.clone()) });
    }
    Response::from_parts(parts, Body::from(body))
}

fn with_json(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Takes the request's id out of errors, where it is to be so.
async fn tidy(world: &World, mut response: Response) -> Response {
    if !world.has(Trap::NoRequestIds) || response.status().is_success() {
        response.headers_mut().insert("x-request-id", HeaderValue::from_static("req_1"));
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, BODY).await.unwrap_or_default();
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(mut error)) => {
            error.remove("request_id");
            json_response(parts.status.as_u16(), &Value::Object(error))
        }
        _ => Response::from_parts(parts, Body::from(body)),
    }
}

/// A connection that breaks before there is an answer.
fn cut() -> Response {
    let broken = stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted)) });
    Response::new(Body::from_stream(broken))
}
