//! `/api/v1/registry`.

use std::sync::Arc;

use axum::extract::{Path, State};

use super::Api;
use crate::coral::answer::{Answer, ok};
use crate::coral::decode::{AgentId, Source};
use crate::coral::refusal::Refusal;

pub(super) async fn list(State(api): State<Arc<Api>>) -> Answer {
    ok(&api.common.registry.listing(api.common.plays))
}

pub(super) async fn local(State(api): State<Arc<Api>>, Path((name, version)): Path<(String, String)>) -> Answer {
    inspect(&api, &AgentId { name, version, source: Source::Local })
}

pub(super) async fn marketplace(State(api): State<Arc<Api>>, Path((name, version)): Path<(String, String)>) -> Answer {
    inspect(&api, &AgentId { name, version, source: Source::Marketplace })
}

pub(super) async fn linked(
    State(api): State<Arc<Api>>,
    Path((server, name, version)): Path<(String, String, String)>,
) -> Answer {
    inspect(&api, &AgentId { name, version, source: Source::Linked(server) })
}

fn inspect(api: &Api, id: &AgentId) -> Answer {
    ok(&api.common.registry.resolve(id).map_err(Refusal::not_found)?.shown)
}
