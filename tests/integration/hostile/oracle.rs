//! Checks that hold for the response to any request.

use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, Bytes};
use coral_tools::{Secret, WebhookConfig, coral_tool, toolset};
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use sha2::Sha256;
use tower::ServiceExt;

use crate::types;

const SECRET: &str = "hostile-secret";

/// The maximum size of a body, in bytes.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;

/// Occur in the values of arguments, and must not occur in errors about them.
pub(crate) const MARKERS: [&str; 2] = ["hunter2", "8675309"];

/// Has every kind of constraint.
#[coral_tool]
fn constrained(
    #[arg(minimum = 1, maximum = 5, default = 3)] stars: u8,
    #[arg(exclusive_minimum = 0, exclusive_maximum = 1.5)] ratio: f64,
    #[arg(multiple_of = 5)] step: Option<i64>,
    #[arg(min_length = 1, max_length = 9, pattern = "^[a-z]+$", rename = "type")] kind: String,
    #[arg(format = "date-time", default)] at: Option<String>,
    #[arg(min_items = 1, max_items = 3, unique_items)] tags: Vec<String>,
) -> String {
    format!("{stars}{ratio}{step:?}{kind}{at:?}{tags:?}")
}

/// Takes a struct that contains a struct and a union as its whole input.
#[coral_tool]
fn whole_input(#[arg(flatten)] point: types::Point) -> types::Point {
    point
}

/// Does nothing.
#[coral_tool]
fn nothing() {}

/// Tools with arguments of every family of types. None fails, and only the result of `nothing` has a key `success`.
pub(crate) fn tools() -> coral_tools::Toolset {
    let special = toolset![constrained, whole_input, nothing];
    types::both_ways().merge(&special).expect("unique names")
}

pub(crate) fn app() -> Router {
    let config = WebhookConfig::new(Secret::new(SECRET)).body_limit(BODY_LIMIT).application_id("application");
    tools().webhooks(config)
}

static KEY: LazyLock<Hmac<Sha256>> =
    LazyLock::new(|| Hmac::new_from_slice(SECRET.as_bytes()).expect("any key is valid"));

pub(crate) fn signature(body: &[u8]) -> String {
    const_hex::encode(KEY.clone().chain_update(body).finalize().into_bytes())
}

/// Classes of valid responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseClass {
    /// The result of a tool.
    Value,
    /// An error that an agent reads.
    Failure,
    /// A response to a request that is not a call.
    Rejection,
}

/// Sends the request and checks the response.
///
/// # Errors
///
/// Returns the problem if the response is invalid.
pub(crate) async fn check_response(app: &Router, request: Request<Bytes>) -> Result<ResponseClass, String> {
    let body = request.body().clone();
    let may_be_call = request.method() == Method::POST && is_signed(&request);
    let is_verification = request.method() == Method::GET && request.uri().path() == "/_coral/verification";
    let response = app.clone().oneshot(request.map(Body::from)).await.unwrap_or_else(|never| match never {});
    let (status, response) = status_and_body(response).await?;
    match status {
        200 if is_verification => Ok(ResponseClass::Rejection),
        200 if may_be_call => check_call_response(&response, &body),
        200 => Err("status 200 for a request that is not a signed call".to_owned()),
        400 | 401 | 404 | 405 | 413 | 415 if response.is_empty() => Ok(ResponseClass::Rejection),
        _ => Err(format!("status {status} with {}", String::from_utf8_lossy(&response))),
    }
}

fn is_signed(request: &Request<Bytes>) -> bool {
    let header = request.headers().get("x-coral-signature");
    header.is_some_and(|header| header.as_bytes().eq_ignore_ascii_case(signature(request.body()).as_bytes()))
}

async fn status_and_body(response: Response<Body>) -> Result<(u16, Bytes), String> {
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.map_err(|error| error.to_string())?;
    Ok((status, body.to_bytes()))
}

/// Checks the response to a call with this body: a JSON object with a value, or with an error that names no value. Arguments are
/// called JSON if they are JSON.
///
/// # Errors
///
/// Returns the problem if the response is invalid.
pub(crate) fn check_call_response(response: &[u8], body: &[u8]) -> Result<ResponseClass, String> {
    let text = String::from_utf8_lossy(response);
    let object: Map<String, Value> = serde_json::from_slice(response).map_err(|_| format!("not an object: {text}"))?;
    let is_json = body.trim_ascii().is_empty() || serde_json::from_slice::<Value>(body).is_ok();
    if object.get("success") != Some(&Value::Bool(false)) {
        return if is_json { Ok(ResponseClass::Value) } else { Err("a value for a body that is not JSON".to_owned()) };
    }
    match object.get("error").and_then(Value::as_str) {
        None | Some("") => return Err(format!("a failure without an error message: {text}")),
        // No tool fails, so the tool has panicked.
        Some("the tool failed") => return Err("a panic".to_owned()),
        Some(error) if is_json && error.contains("not valid JSON") => return Err(format!("valid JSON: {text}")),
        Some(_) => {}
    }
    match MARKERS.iter().find(|marker| text.contains(**marker) && !is_in_key(body, marker)) {
        Some(marker) => Err(format!("the error contains the value {marker}: {text}")),
        None => Ok(ResponseClass::Failure),
    }
}

/// Whether a mutation has moved the marker into a key. Errors may contain keys.
fn is_in_key(body: &[u8], marker: &str) -> bool {
    let ends = (marker.len()..=body.len()).filter(|end| body[..*end].ends_with(marker.as_bytes()));
    ends.into_iter().any(|end| {
        let rest = &body[end..];
        let after = rest.iter().position(|byte| *byte == b'"').map_or(&[][..], |quote| &rest[quote + 1..]);
        after.trim_ascii_start().first() == Some(&b':')
    })
}
