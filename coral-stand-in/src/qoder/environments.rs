//! `/environments`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Value, json};

use super::check;
use super::page::{QueryParameters, page};
use super::rejection::{ApiResult, Rejection, json_response};
use super::state::{Resources, ServerState};

const NOW: &str = "2026-05-18T15:26:15.747298Z";

pub(super) async fn create(State(state): State<Arc<ServerState>>, body: Bytes) -> ApiResult {
    let mut environment = check::body(&body)?;
    check::environment(&environment)?;
    let mut resources = state.lock();
    let id = resources.new_id("env");
    environment.extend([
        ("id".to_owned(), json!(id)),
        ("type".to_owned(), json!("environment")),
        ("created_at".to_owned(), json!(NOW)),
        ("updated_at".to_owned(), json!(NOW)),
        ("archived_at".to_owned(), Value::Null),
    ]);
    let environment = Value::Object(environment);
    resources.environments.insert(id, environment.clone());
    Ok(json_response(200, &environment))
}

pub(super) async fn list(State(state): State<Arc<ServerState>>, query: RawQuery) -> ApiResult {
    let all: Vec<Value> = state.lock().environments.values().cloned().collect();
    page(&state, &all, &QueryParameters::from_raw_query(query))
}

pub(super) async fn retrieve(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    Ok(json_response(200, find(&mut state.lock(), &id)?))
}

pub(super) async fn update(State(state): State<Arc<ServerState>>, Path(id): Path<String>, body: Bytes) -> ApiResult {
    let changes = check::body(&body)?;
    let mut resources = state.lock();
    let environment = find(&mut resources, &id)?;
    for (key, value) in changes {
        environment[key] = value;
    }
    Ok(json_response(200, environment))
}

pub(super) async fn archive(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    let mut resources = state.lock();
    let environment = find(&mut resources, &id)?;
    environment["archived_at"] = json!(NOW);
    Ok(json_response(200, environment))
}

pub(super) async fn delete(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    let mut resources = state.lock();
    find(&mut resources, &id)?;
    if resources.sessions().any(|session| session.json["environment_id"] == id.as_str()) {
        return Err(Rejection::conflict("sessions are in the environment"));
    }
    resources.environments.remove(&id);
    Ok(json_response(200, &json!({"id": id, "type": "environment_deleted"})))
}

fn find<'a>(resources: &'a mut Resources, id: &str) -> Result<&'a mut Value, Rejection> {
    resources.environments.get_mut(id).ok_or_else(|| Rejection::not_found("environment", id))
}
