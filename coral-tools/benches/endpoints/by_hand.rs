//! The endpoint written by hand in axum, for one tool.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use hmac::Hmac;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

#[derive(Deserialize)]
struct Arguments {
    title: String,
    content: String,
}

#[derive(Serialize)]
struct Receipt {
    report_id: usize,
}

#[derive(Clone)]
struct App {
    key: Arc<Hmac<Sha256>>,
}

pub(super) fn app() -> Router {
    let tools = Router::new().route("/submit_report/{session}/{agent}", post(submit_report));
    Router::new().nest(super::NESTED, tools).with_state(App { key: Arc::new(super::key()) })
}

async fn submit_report(
    State(app): State<App>,
    Path((session, agent)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signature = headers.get("x-coral-signature").map(http::HeaderValue::as_bytes);
    if !super::verify(&app.key, signature, &body) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(Arguments { title, content }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    Json(Receipt { report_id: session.len() + agent.len() + title.len() + content.len() }).into_response()
}
