//! `/api/v1/session`, which exists only in the API guide of Coral Cloud.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::Value;

use super::Api;
use crate::coral::response::{ApiResult, json_ok};
use crate::coral::session::Namespace;

pub(super) async fn list(State(api): State<Arc<Api>>) -> ApiResult {
    json_ok(&api.namespaces.map_to_json(Namespace::list_item_json))
}

pub(super) async fn sessions(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> ApiResult {
    let sessions: Value = api.namespaces.sessions(&namespace)?.iter().map(|session| session.list_item_json()).collect();
    json_ok(&sessions)
}
