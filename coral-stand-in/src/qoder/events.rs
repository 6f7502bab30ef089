//! `/sessions/{id}/events`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Value, json};

use super::check;
use super::fault::Fault;
use super::page::{QueryParameters, page};
use super::rejection::{ApiResult, json_response};
use super::state::ServerState;

pub(super) async fn send(State(state): State<Arc<ServerState>>, Path(id): Path<String>, body: Bytes) -> ApiResult {
    let body = check::body(&body)?;
    let events = check::events(&body)?;
    let accepted = state.lock().receive_events(&id, events, &state.faults)?;
    state.notify_streams();
    let response = match accepted.as_slice() {
        _ if state.has(Fault::EmptyEventResponses) => json!({"events": []}),
        [one] if state.has(Fault::BareEventResponses) => one.clone(),
        all => json!({"data": all}),
    };
    Ok(json_response(state.success_status(202), &response))
}

pub(super) async fn list(State(state): State<Arc<ServerState>>, Path(id): Path<String>, query: RawQuery) -> ApiResult {
    let query = QueryParameters::from_raw_query(query);
    let mut events = state.lock().session(&id)?.events.clone();
    let types = query.all("types[]");
    events.retain(|event: &Value| types.is_empty() || types.iter().any(|kind| event["type"] == *kind));
    if query.get("order") == Some("desc") {
        events.reverse();
    }
    page(&state, &events, &query)
}
