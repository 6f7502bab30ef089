//! `/sessions`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::check;
use super::fault::Fault;
use super::page::{QueryParameters, page};
use super::rejection::{ApiResult, Rejection, json_response};
use super::session::{Lifecycle, Session};
use super::state::{Resources, ServerState};

const NOW: &str = "2026-05-18T15:26:15.747298Z";

pub(super) async fn create(State(state): State<Arc<ServerState>>, body: Bytes) -> ApiResult {
    let body = check::body(&body)?;
    check::session(&body)?;
    if state.has(Fault::NoOverrides) && body["agent"]["type"] == "agent_with_overrides" {
        return Err(overrides_rejection());
    }
    let mut resources = state.lock();
    let agent = session_agent(&resources, &body["agent"])?;
    let environment = check::required_string(&body, "environment_id")?;
    match resources.environments.get(environment) {
        None => return Err(Rejection::not_found("environment", environment)),
        Some(environment) if !environment["archived_at"].is_null() => {
            return Err(Rejection::field("environment_id", "the environment is archived"));
        }
        Some(_) => {}
    }
    let id = resources.new_id("sess");
    let session = Session::new(id.clone(), session_fields(&id, &agent, &body), state.turns.clone());
    let initial = body.get("initial_events").and_then(Value::as_array).cloned().unwrap_or_default();
    let json = session.to_json();
    resources.sessions.insert(id.clone(), session);
    if !initial.is_empty() {
        resources.receive_events(&id, &initial, &state.faults)?;
        drop(resources);
        state.notify_streams();
    }
    Ok(json_response(state.success_status(201), &json))
}

fn overrides_rejection() -> Rejection {
    Rejection::field("agent", "a session's own tools are not supported")
}

/// The agent of a new session, with the overrides of the request.
fn session_agent(resources: &Resources, requested: &Value) -> Result<Value, Rejection> {
    let id = requested.as_str().or_else(|| requested["id"].as_str()).unwrap_or_default();
    let versions = resources.agents.get(id).ok_or_else(|| Rejection::not_found("agent", id))?;
    let version = match requested["version"].as_u64() {
        None => versions.last(),
        Some(number) => versions.iter().find(|agent| agent["version"] == number),
    };
    let mut agent = version.cloned().ok_or_else(|| Rejection::not_found("version of agent", id))?;
    if !agent["archived_at"].is_null() {
        return Err(Rejection::field("agent", "the agent is archived"));
    }
    for key in ["system", "model", "tools", "mcp_servers", "skills"] {
        if let Some(value) = requested.get(key) {
            agent[key] = value.clone();
        }
    }
    Ok(agent)
}

fn session_fields(id: &str, agent: &Value, body: &Map<String, Value>) -> Map<String, Value> {
    let field = |key: &str, default: Value| body.get(key).cloned().unwrap_or(default);
    let session = json!({
        "id": id, "type": "session", "agent": agent,
        "environment_id": field("environment_id", Value::Null), "title": field("title", Value::Null),
        "metadata": field("metadata", json!({})), "resources": field("resources", json!([])),
        "vault_ids": field("vault_ids", json!([])), "memory_store_ids": field("memory_store_ids", json!([])),
        "usage": {
            "input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        },
        "created_at": NOW, "updated_at": NOW, "archived_at": null,
    });
    if let Value::Object(session) = session { session } else { Map::new() }
}

pub(super) async fn list(State(state): State<Arc<ServerState>>, query: RawQuery) -> ApiResult {
    let query = QueryParameters::from_raw_query(query);
    let (statuses, agent) = (query.all("statuses[]"), query.get("agent_id"));
    let with_archived = query.get("include_archived") == Some("true");
    let matches = |session: &Value| {
        agent.is_none_or(|agent| session["agent"]["id"] == agent)
            && (statuses.is_empty() || statuses.iter().any(|status| session["status"] == *status))
            && (with_archived || session["archived_at"].is_null())
    };
    let all: Vec<Value> = state.lock().sessions().map(Session::to_json).filter(matches).collect();
    page(&state, &all, &query)
}

pub(super) async fn retrieve(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    Ok(json_response(200, &state.lock().session(&id)?.to_json()))
}

pub(super) async fn update(State(state): State<Arc<ServerState>>, Path(id): Path<String>, body: Bytes) -> ApiResult {
    let body = check::body(&body)?;
    check::metadata(&body)?;
    let mut resources = state.lock();
    let session = resources.session(&id)?;
    for (key, value) in body {
        match (key.as_str(), value) {
            ("agent", _) if state.has(Fault::NoOverrides) => return Err(overrides_rejection()),
            ("agent", Value::Object(changes)) => {
                check::tools(changes.get("tools"))?;
                if changes.keys().any(|key| !["tools", "mcp_servers"].contains(&&**key)) {
                    return Err(Rejection::field("agent", "only tools and mcp_servers can be changed"));
                }
                let mut agent = session.json["agent"].clone();
                for (key, value) in changes {
                    agent[key] = value;
                }
                session.json.insert("agent".to_owned(), agent);
            }
            ("title" | "metadata", value) => _ = session.json.insert(key, value),
            _ => return Err(Rejection::field(&key, "cannot be changed")),
        }
    }
    Ok(json_response(200, &session.to_json()))
}

pub(super) async fn archive(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    let mut resources = state.lock();
    let session = resources.session(&id)?;
    session.lifecycle = Lifecycle::Archived;
    session.json.insert("archived_at".to_owned(), json!(NOW));
    Ok(json_response(200, &session.to_json()))
}

/// Cancels the current turn, if there is one.
pub(super) async fn cancel(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    let status = {
        let mut resources = state.lock();
        let (session, mut ids) = resources.session_and_ids(&id)?;
        let status = if session.is_in_turn() { 202 } else { 200 };
        session.stop_turn(&mut ids, "cancelled");
        status
    };
    state.notify_streams();
    Ok(json_response(state.success_status(status), &json!({"id": id, "type": "session", "status": "canceling"})))
}

pub(super) async fn delete(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    let mut resources = state.lock();
    let (session, mut ids) = resources.session_and_ids(&id)?;
    session.end("session.deleted", &mut ids);
    drop(resources);
    state.notify_streams();
    Ok(json_response(200, &json!({"id": id, "type": "session_deleted"})))
}
