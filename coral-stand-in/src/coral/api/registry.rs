//! `/api/v1/registry`.

use std::sync::Arc;

use axum::extract::{Path, State};

use super::Api;
use crate::coral::decode::{AgentId, RegistrySource};
use crate::coral::rejection::Rejection;
use crate::coral::response::{ApiResult, json_ok};

pub(super) async fn list(State(api): State<Arc<Api>>) -> ApiResult {
    json_ok(&api.context.registry.sources_json(api.context.emulated))
}

pub(super) async fn local(State(api): State<Arc<Api>>, Path((name, version)): Path<(String, String)>) -> ApiResult {
    inspect(&api, &AgentId { name, version, source: RegistrySource::Local })
}

pub(super) async fn marketplace(
    State(api): State<Arc<Api>>,
    Path((name, version)): Path<(String, String)>,
) -> ApiResult {
    inspect(&api, &AgentId { name, version, source: RegistrySource::Marketplace })
}

pub(super) async fn linked(
    State(api): State<Arc<Api>>,
    Path((server, name, version)): Path<(String, String, String)>,
) -> ApiResult {
    inspect(&api, &AgentId { name, version, source: RegistrySource::Linked(server) })
}

fn inspect(api: &Api, id: &AgentId) -> ApiResult {
    json_ok(&api.context.registry.resolve(id).map_err(Rejection::not_found)?.json)
}
