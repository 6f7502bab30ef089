//! What holds for the answer to any request whatsoever.

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

/// The largest body that is read.
pub(crate) const LIMIT: usize = 64 * 1024;

/// Stand in the values of arguments, and must not stand in what an agent is told about them.
pub(crate) const MARKS: [&str; 2] = ["hunter2", "8675309"];

/// Has every kind of limit.
#[coral_tool]
fn limited(
    #[arg(minimum = 1, maximum = 5, default = 3)] stars: u8,
    #[arg(exclusive_minimum = 0, exclusive_maximum = 1.5)] ratio: f64,
    #[arg(multiple_of = 5)] step: Option<i64>,
    #[arg(min_length = 1, max_length = 9, pattern = "^[a-z]+$", rename = "type")] kind: String,
    #[arg(format = "date-time", default)] at: Option<String>,
    #[arg(min_items = 1, max_items = 3, unique_items)] tags: Vec<String>,
) -> String {
    format!("{stars}{ratio}{step:?}{kind}{at:?}{tags:?}")
}

/// Takes a struct with a struct and a union inside as the whole input.
#[coral_tool]
fn whole(#[arg(flatten)] point: types::Point) -> types::Point {
    point
}

/// Does nothing.
#[coral_tool]
fn nothing() {}

/// Tools with arguments of every family of types, none of which ever fails or answers with a key `success` of its own
/// but `nothing`.
pub(crate) fn tools() -> coral_tools::Toolset {
    let special = toolset![limited, whole, nothing];
    types::both_ways().merge(&special).expect("no name comes twice")
}

pub(crate) fn app() -> Router {
    let config = WebhookConfig::new(Secret::new(SECRET)).body_limit(LIMIT).application_id("application");
    tools().webhooks(config)
}

static KEY: LazyLock<Hmac<Sha256>> =
    LazyLock::new(|| Hmac::new_from_slice(SECRET.as_bytes()).expect("any key will do"));

pub(crate) fn signature(body: &[u8]) -> String {
    const_hex::encode(KEY.clone().chain_update(body).finalize().into_bytes())
}

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Value,
    Failure,
    Refusal,
}

/// Sends the request and looks at the answer; an `Err` says what is wrong with it.
pub(crate) async fn judge(app: &Router, request: Request<Bytes>) -> Result<Answer, String> {
    let body = request.body().clone();
    let may_be_call = request.method() == Method::POST && is_signed(&request);
    let asks_for_id = request.method() == Method::GET && request.uri().path() == "/_coral/verification";
    let answer = app.clone().oneshot(request.map(Body::from)).await.unwrap_or_else(|never| match never {});
    let (status, told) = received(answer).await?;
    match status {
        200 if asks_for_id => Ok(Answer::Refusal),
        200 if may_be_call => called(&told, &body),
        200 => Err("a request that is no signed call was answered as one".to_owned()),
        400 | 401 | 404 | 405 | 413 | 415 if told.is_empty() => Ok(Answer::Refusal),
        _ => Err(format!("status {status} with {}", String::from_utf8_lossy(&told))),
    }
}

fn is_signed(request: &Request<Bytes>) -> bool {
    let given = request.headers().get("x-coral-signature");
    given.is_some_and(|given| given.as_bytes().eq_ignore_ascii_case(signature(request.body()).as_bytes()))
}

async fn received(answer: Response<Body>) -> Result<(u16, Bytes), String> {
    let status = answer.status().as_u16();
    let told = answer.into_body().collect().await.map_err(|error| error.to_string())?;
    Ok((status, told.to_bytes()))
}

/// An agent reads a JSON object: a value, or what it can do about its mistake.
pub(crate) fn called(told: &[u8], body: &[u8]) -> Result<Answer, String> {
    let text = String::from_utf8_lossy(told);
    let answer: Map<String, Value> = serde_json::from_slice(told).map_err(|_| format!("no object: {text}"))?;
    if answer.get("success") != Some(&Value::Bool(false)) {
        return Ok(Answer::Value);
    }
    match answer.get("error").and_then(Value::as_str) {
        None | Some("") => return Err(format!("a failure without a sentence: {text}")),
        // No tool fails, so one has panicked.
        Some("the tool failed") => return Err("a panic".to_owned()),
        Some(_) => {}
    }
    match MARKS.iter().find(|mark| text.contains(**mark) && !is_in_a_key(body, mark)) {
        Some(mark) => Err(format!("the value {mark} is repeated: {text}")),
        None => Ok(Answer::Failure),
    }
}

/// Whether a mutation has made a key of a value; keys may be repeated.
fn is_in_a_key(body: &[u8], mark: &str) -> bool {
    let ends = (mark.len()..=body.len()).filter(|end| body[..*end].ends_with(mark.as_bytes()));
    ends.into_iter().any(|end| {
        let rest = &body[end..];
        let after = rest.iter().position(|byte| *byte == b'"').map_or(&[][..], |quote| &rest[quote + 1..]);
        after.trim_ascii_start().first() == Some(&b':')
    })
}
