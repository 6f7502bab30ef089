//! `/agents`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::check;
use super::fault::value_of;
use super::page::{QueryParameters, page};
use super::rejection::{ApiResult, Rejection, json_response};
use super::state::{Resources, ServerState};

const NOW: &str = "2026-05-18T15:26:15.747298Z";

pub(super) async fn create(State(state): State<Arc<ServerState>>, body: Bytes) -> ApiResult {
    let body = check::body(&body)?;
    check::agent(&body)?;
    let mut resources = state.lock();
    let id = resources.new_id("agent");
    let mut agent = json!({
        "id": id, "type": "agent", "description": null, "system": null, "tools": [], "mcp_servers": [], "skills": [],
        "metadata": {}, "version": 1, "created_at": NOW, "updated_at": NOW, "archived_at": null,
    });
    merge(&mut agent, body);
    resources.agents.insert(id, vec![agent.clone()]);
    Ok(json_response(200, &agent))
}

pub(super) async fn list(State(state): State<Arc<ServerState>>, query: RawQuery) -> ApiResult {
    let resources = state.lock();
    let newest = resources.agents.values().filter_map(|versions| versions.last());
    let all: Vec<Value> = newest.filter(|agent| agent["archived_at"].is_null()).cloned().collect();
    drop(resources);
    page(&state, &all, &QueryParameters::from_raw_query(query))
}

pub(super) async fn retrieve(
    State(state): State<Arc<ServerState>>,
    Path(id): Path<String>,
    query: RawQuery,
) -> ApiResult {
    let query = QueryParameters::from_raw_query(query);
    let mut resources = state.lock();
    let versions = versions(&mut resources, &id)?;
    let agent = match query.get("version") {
        None => versions.last(),
        Some(version) => versions.iter().find(|agent| agent["version"].as_u64() == version.parse().ok()),
    };
    Ok(json_response(200, agent.ok_or_else(|| Rejection::not_found("version of agent", &id))?))
}

pub(super) async fn update(State(state): State<Arc<ServerState>>, Path(id): Path<String>, body: Bytes) -> ApiResult {
    let mut body = check::body(&body)?;
    let version = body.remove("version").and_then(|version| version.as_u64());
    let version = version.ok_or_else(|| Rejection::field("version", "field required"))?;
    check::tools(body.get("tools"))?;
    let concurrent = state.fault_value(value_of!(ConcurrentAgentUpdates)).unwrap_or(0);
    let mut resources = state.lock();
    resources.agent_updates += 1;
    let (is_late, count) = (resources.agent_updates <= concurrent, resources.agent_updates);
    let versions = versions(&mut resources, &id)?;
    if is_late {
        update_by_other_client(versions, count);
    }
    let mut agent = versions.last().cloned().unwrap_or_default();
    if agent["version"] != version {
        return Err(Rejection::conflict(format!("the agent has version {}", agent["version"])));
    }
    merge(&mut agent, body);
    agent["version"] = json!(version + 1);
    versions.push(agent.clone());
    Ok(json_response(200, &agent))
}

pub(super) async fn archive(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> ApiResult {
    let mut resources = state.lock();
    let Some(agent) = versions(&mut resources, &id)?.last_mut() else { return Err(Rejection::not_found("agent", &id)) };
    agent["archived_at"] = json!(NOW);
    Ok(json_response(200, agent))
}

/// Updates the agent as another client would: adds a tool.
fn update_by_other_client(versions: &mut Vec<Value>, count: usize) {
    let mut agent = versions.last().cloned().unwrap_or_default();
    let tool = json!({
        "type": "custom", "name": format!("somebody_elses_{count}"), "description": "Not ours.",
        "input_schema": {"type": "object", "properties": {}},
    });
    if let Some(tools) = agent["tools"].as_array_mut() {
        tools.push(tool);
    }
    agent["version"] = json!(agent["version"].as_u64().unwrap_or_default() + 1);
    versions.push(agent);
}

/// Merges `metadata` key by key; replaces all other fields.
fn merge(agent: &mut Value, body: Map<String, Value>) {
    for (key, value) in body {
        match (key.as_str(), value) {
            ("metadata", Value::Object(patch)) => {
                for (key, value) in patch {
                    match (agent["metadata"].as_object_mut(), value) {
                        (Some(metadata), Value::Null) => _ = metadata.remove(&key),
                        (Some(metadata), value) => _ = metadata.insert(key, value),
                        (None, _) => {}
                    }
                }
            }
            (_, value) => agent[key] = value,
        }
    }
}

fn versions<'a>(resources: &'a mut Resources, id: &str) -> Result<&'a mut Vec<Value>, Rejection> {
    resources.agents.get_mut(id).ok_or_else(|| Rejection::not_found("agent", id))
}
