//! `/environments`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Value, json};

use super::check;
use super::page::{Query, page};
use super::refusal::{Answer, Refusal, json_response};
use super::world::{Inner, World};

const NOW: &str = "2026-05-18T15:26:15.747298Z";

pub(super) async fn create(State(world): State<Arc<World>>, body: Bytes) -> Answer {
    let mut environment = check::body(&body)?;
    check::environment(&environment)?;
    let mut inner = world.inner();
    let id = inner.id("env");
    environment.extend([
        ("id".to_owned(), json!(id)),
        ("type".to_owned(), json!("environment")),
        ("created_at".to_owned(), json!(NOW)),
        ("updated_at".to_owned(), json!(NOW)),
        ("archived_at".to_owned(), Value::Null),
    ]);
    let environment = Value::Object(environment);
    inner.environments.insert(id, environment.clone());
    Ok(json_response(200, &environment))
}

pub(super) async fn list(State(world): State<Arc<World>>, query: RawQuery) -> Answer {
    let all: Vec<Value> = world.inner().environments.values().cloned().collect();
    page(&world, &all, &Query::of(query))
}

pub(super) async fn retrieve(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    Ok(json_response(200, find(&mut world.inner(), &id)?))
}

pub(super) async fn update(State(world): State<Arc<World>>, Path(id): Path<String>, body: Bytes) -> Answer {
    let changes = check::body(&body)?;
    let mut inner = world.inner();
    let environment = find(&mut inner, &id)?;
    for (key, value) in changes {
        environment[key] = value;
    }
    Ok(json_response(200, environment))
}

pub(super) async fn archive(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    let mut inner = world.inner();
    let environment = find(&mut inner, &id)?;
    environment["archived_at"] = json!(NOW);
    Ok(json_response(200, environment))
}

pub(super) async fn delete(State(world): State<Arc<World>>, Path(id): Path<String>) -> Answer {
    let mut inner = world.inner();
    find(&mut inner, &id)?;
    if inner.sessions().any(|session| session.json["environment_id"] == id.as_str()) {
        return Err(Refusal::conflict("sessions are in the environment"));
    }
    inner.environments.remove(&id);
    Ok(json_response(200, &json!({"id": id, "type": "environment_deleted"})))
}

fn find<'a>(inner: &'a mut Inner, id: &str) -> Result<&'a mut Value, Refusal> {
    inner.environments.get_mut(id).ok_or_else(|| Refusal::not_found("environment", id))
}
