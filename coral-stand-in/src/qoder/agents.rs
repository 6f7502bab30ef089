//! `/agents`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::check;
use super::page::{Query, page};
use super::refusal::{Answer, Refusal, json_response};
use super::trap::Trap;
use super::world::{Inner, World};

const NOW: &str = "2026-05-18T15:26:15.747298Z";

pub(super) async fn create(State(world): State<Arc<World>>, body: Bytes) -> Answer {
    let body = check::body(&body)?;
    check::agent(&body)?;
    let mut inner = world.inner();
    let id = inner.id("agent");
    let mut agent = json!({
        "id": id, "type": "agent", "description": null, "system": null, "tools": [], "mcp_servers": [], "skills": [],
        "metadata": {}, "version": 1, "created_at": NOW, "updated_at": NOW, "archived_at": null,
    });
    merge(&mut agent, body);
    inner.agents.insert(id, vec![agent.clone()]);
    Ok(json_response(200, &agent))
}

pub(super) async fn list(State(world): State<Arc<World>>, query: RawQuery) -> Answer {
    let inner = world.inner();
    let newest = inner.agents.values().filter_map(|versions| versions.last());
    let all: Vec<Value> = newest.filter(|agent| agent["archived_at"].is_null()).cloned().collect();
    drop(inner);
    page(&world, &all, &Query::of(query))
}

pub(super) async fn retrieve(State(world): State<Arc<World>>, Path(id): Path<String>, query: RawQuery) -> Answer {
    let query = Query::of(query);
    let mut inner = world.inner();
    let versions = versions(&mut inner, &id)?;
    let found = match query.get("version") {
        None => versions.last(),
        Some(version) => versions.iter().find(|agent| agent["version"].as_u64() == version.parse().ok()),
    };
    Ok(json_response(200, found.ok_or_else(|| Refusal::not_found("version of agent", &id))?))
}

pub(super) async fn update(State(world): State<Arc<World>>, Path(id): Path<String>, body: Bytes) -> Answer {
    let mut body = check::body(&body)?;
    let version = body.remove("version").and_then(|version| version.as_u64());
    let version = version.ok_or_else(|| Refusal::field("version", "field required"))?;
    check::tools(body.get("tools"))?;
    let late = world.number(|trap| if let Trap::StaleAgents(times) = trap { Some(*times) } else { None }).unwrap_or(0);
    let mut inner = world.inner();
    inner.stale += 1;
    let (is_late, nth) = (inner.stale <= late, inner.stale);
    let versions = versions(&mut inner, &id)?;
    if is_late {
        somebody_elses_change(versions, nth);
    }
    let mut agent = versions.last().cloned().unwrap_or_default();
    if agent["version"] != version {
        return Err(Refusal::conflict(format!("the agent has version {}", agent["version"])));
    }
    merge(&mut agent, body);
    agent["version"] = json!(version + 1);
    versions.push(agent.clone());
    Ok(json_response(200, &agent))
}

pub(super) async fn archive(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    let mut inner = world.inner();
    let Some(agent) = versions(&mut inner, &id)?.last_mut() else { return Err(Refusal::not_found("agent", &id)) };
    agent["archived_at"] = json!(NOW);
    Ok(json_response(200, agent))
}

/// Adds a tool of its own.
fn somebody_elses_change(versions: &mut Vec<Value>, nth: usize) {
    let mut agent = versions.last().cloned().unwrap_or_default();
    let tool = json!({
        "type": "custom", "name": format!("somebody_elses_{nth}"), "description": "Not ours.",
        "input_schema": {"type": "object", "properties": {}},
    });
    if let Some(tools) = agent["tools"].as_array_mut() {
        tools.push(tool);
    }
    agent["version"] = json!(agent["version"].as_u64().unwrap_or_default() + 1);
    versions.push(agent);
}

/// Metadata is patched; everything else is replaced.
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

fn versions<'a>(inner: &'a mut Inner, id: &str) -> Result<&'a mut Vec<Value>, Refusal> {
    inner.agents.get_mut(id).ok_or_else(|| Refusal::not_found("agent", id))
}
