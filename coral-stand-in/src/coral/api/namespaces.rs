//! `/api/v1/local/namespace`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use serde_json::Value;

use super::Api;
use crate::coral::decode::NamespaceRequest;
use crate::coral::rejection::Rejection;
use crate::coral::response::{ApiResult, empty, json_ok};
use crate::coral::session::Namespace;

pub(super) async fn list(State(api): State<Arc<Api>>) -> ApiResult {
    json_ok(&api.namespaces.map_to_json(|namespace, _| namespace.base_json()))
}

pub(super) async fn list_extended(State(api): State<Arc<Api>>) -> ApiResult {
    json_ok(&api.namespaces.map_to_json(Namespace::extended_json))
}

pub(super) async fn create(State(api): State<Arc<Api>>, request: Request) -> ApiResult {
    let request: NamespaceRequest = api.decode_body(request).await?;
    api.namespaces.create(request)?;
    empty()
}

pub(super) async fn sessions(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> ApiResult {
    let sessions: Value = api.namespaces.sessions(&namespace)?.iter().map(|session| session.base_json()).collect();
    json_ok(&sessions)
}

pub(super) async fn sessions_extended(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> ApiResult {
    let sessions: Value = api.namespaces.sessions(&namespace)?.iter().map(|session| session.extended_json()).collect();
    json_ok(&sessions)
}

pub(super) async fn delete(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> ApiResult {
    delete_namespace(&api, namespace).await?;
    empty()
}

/// Deletes the namespace `extended`: only reading it is a route of its own.
pub(super) async fn delete_extended(State(api): State<Arc<Api>>) -> ApiResult {
    delete_namespace(&api, "extended".to_owned()).await?;
    empty()
}

/// Deletes a namespace in a task: a server continues when the client has gone.
async fn delete_namespace(api: &Api, name: String) -> Result<(), Rejection> {
    let namespaces = api.namespaces.clone();
    api.context.tasks.run(async move { namespaces.delete(&name).await }).await.unwrap_or(Ok(()))
}
