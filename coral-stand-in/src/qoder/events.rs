//! `/sessions/{id}/events`.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use bytes::Bytes;
use serde_json::{Value, json};

use super::check;
use super::page::{Query, page};
use super::refusal::{Answer, json_response};
use super::trap::Trap;
use super::world::World;

pub(super) async fn send(State(world): State<Arc<World>>, Path(id): Path<String>, body: Bytes) -> Answer {
    let body = check::body(&body)?;
    let events = check::events(&body)?;
    let taken = world.inner().take(&id, events, &world.traps)?;
    world.change();
    let reply = match taken.as_slice() {
        _ if world.has(Trap::SilentReplies) => json!({"events": []}),
        [one] if world.has(Trap::BareReplies) => one.clone(),
        all => json!({"data": all}),
    };
    Ok(json_response(world.status(202), &reply))
}

pub(super) async fn list(State(world): State<Arc<World>>, Path(id): Path<String>, query: RawQuery) -> Answer {
    let query = Query::of(query);
    let mut events = world.inner().session(&id)?.events.clone();
    let types = query.all("types[]");
    events.retain(|event: &Value| types.is_empty() || types.iter().any(|kind| event["type"] == *kind));
    if query.get("order") == Some("desc") {
        events.reverse();
    }
    page(&world, &events, &query)
}
