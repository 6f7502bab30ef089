//! `/sessions`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::check;
use super::page::{Query, page};
use super::refusal::{Answer, Refusal, json_response};
use super::session::{Life, Session};
use super::trap::Trap;
use super::world::{Inner, World};

const NOW: &str = "2026-05-18T15:26:15.747298Z";

pub(super) async fn create(State(world): State<Arc<World>>, body: Bytes) -> Answer {
    let body = check::body(&body)?;
    check::session(&body)?;
    if world.has(Trap::NoOverrides) && body["agent"]["type"] == "agent_with_overrides" {
        return Err(overrides());
    }
    let mut inner = world.inner();
    let agent = agent(&inner, &body["agent"])?;
    let environment = check::text(&body, "environment_id")?;
    match inner.environments.get(environment) {
        None => return Err(Refusal::not_found("environment", environment)),
        Some(environment) if !environment["archived_at"].is_null() => {
            return Err(Refusal::field("environment_id", "the environment is archived"));
        }
        Some(_) => {}
    }
    let id = inner.id("sess");
    let session = Session::new(id.clone(), shown(&id, &agent, &body), world.turns.clone());
    let initial = body.get("initial_events").and_then(Value::as_array).cloned().unwrap_or_default();
    let json = session.show();
    inner.sessions.insert(id.clone(), session);
    if !initial.is_empty() {
        inner.take(&id, &initial, &world.traps)?;
        drop(inner);
        world.change();
    }
    Ok(json_response(world.status(201), &json))
}

fn overrides() -> Refusal {
    Refusal::field("agent", "a session's own tools are not supported")
}

fn agent(inner: &Inner, asked: &Value) -> Result<Value, Refusal> {
    let id = asked.as_str().or_else(|| asked["id"].as_str()).unwrap_or_default();
    let versions = inner.agents.get(id).ok_or_else(|| Refusal::not_found("agent", id))?;
    let found = match asked["version"].as_u64() {
        None => versions.last(),
        Some(version) => versions.iter().find(|agent| agent["version"] == version),
    };
    let mut agent = found.cloned().ok_or_else(|| Refusal::not_found("version of agent", id))?;
    if !agent["archived_at"].is_null() {
        return Err(Refusal::field("agent", "the agent is archived"));
    }
    for key in ["system", "model", "tools", "mcp_servers", "skills"] {
        if let Some(value) = asked.get(key) {
            agent[key] = value.clone();
        }
    }
    Ok(agent)
}

fn shown(id: &str, agent: &Value, body: &Map<String, Value>) -> Map<String, Value> {
    let given = |key: &str, otherwise: Value| body.get(key).cloned().unwrap_or(otherwise);
    let session = json!({
        "id": id, "type": "session", "agent": agent,
        "environment_id": given("environment_id", Value::Null), "title": given("title", Value::Null),
        "metadata": given("metadata", json!({})), "resources": given("resources", json!([])),
        "vault_ids": given("vault_ids", json!([])), "memory_store_ids": given("memory_store_ids", json!([])),
        "usage": {
            "input_tokens": 0, "output_tokens": 0, "cache_read_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        },
        "created_at": NOW, "updated_at": NOW, "archived_at": null,
    });
    if let Value::Object(session) = session { session } else { Map::new() }
}

pub(super) async fn list(State(world): State<Arc<World>>, query: RawQuery) -> Answer {
    let query = Query::of(query);
    let (statuses, agent) = (query.all("statuses[]"), query.get("agent_id"));
    let with_archived = query.get("include_archived") == Some("true");
    let fits = |session: &Value| {
        agent.is_none_or(|agent| session["agent"]["id"] == agent)
            && (statuses.is_empty() || statuses.iter().any(|status| session["status"] == *status))
            && (with_archived || session["archived_at"].is_null())
    };
    let all: Vec<Value> = world.inner().sessions().map(Session::show).filter(fits).collect();
    page(&world, &all, &query)
}

pub(super) async fn retrieve(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    Ok(json_response(200, &world.inner().session(&id)?.show()))
}

pub(super) async fn update(State(world): State<Arc<World>>, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = check::body(&body)?;
    check::metadata(&body)?;
    let mut inner = world.inner();
    let session = inner.session(&id)?;
    for (key, value) in body {
        match (key.as_str(), value) {
            ("agent", _) if world.has(Trap::NoOverrides) => return Err(overrides()),
            ("agent", Value::Object(changes)) => {
                check::tools(changes.get("tools"))?;
                if changes.keys().any(|key| !["tools", "mcp_servers"].contains(&&**key)) {
                    return Err(Refusal::field("agent", "only tools and mcp_servers can be changed"));
                }
                let mut agent = session.json["agent"].clone();
                for (key, value) in changes {
                    agent[key] = value;
                }
                session.json.insert("agent".to_owned(), agent);
            }
            ("title" | "metadata", value) => _ = session.json.insert(key, value),
            _ => return Err(Refusal::field(&key, "cannot be changed")),
        }
    }
    Ok(json_response(200, &session.show()))
}

pub(super) async fn archive(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    let mut inner = world.inner();
    let session = inner.session(&id)?;
    session.life = Life::Archived;
    session.json.insert("archived_at".to_owned(), json!(NOW));
    Ok(json_response(200, &session.show()))
}

/// Stops the turn that runs, if one does.
pub(super) async fn cancel(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    let status = {
        let mut inner = world.inner();
        let (session, mut ids) = inner.session_and_ids(&id)?;
        let status = if session.is_in_turn() { 202 } else { 200 };
        session.stop(&mut ids, "cancelled");
        status
    };
    world.change();
    Ok(json_response(world.status(status), &json!({"id": id, "type": "session", "status": "canceling"})))
}

pub(super) async fn delete(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    let mut inner = world.inner();
    let (session, mut ids) = inner.session_and_ids(&id)?;
    session.end("session.deleted", &mut ids);
    drop(inner);
    world.change();
    Ok(json_response(200, &json!({"id": id, "type": "session_deleted"})))
}
