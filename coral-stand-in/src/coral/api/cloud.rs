//! `/api/v1/session`, which only the guide has.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::Value;

use super::Api;
use crate::coral::answer::{Answer, ok};
use crate::coral::session::Namespace;

pub(super) async fn list(State(api): State<Arc<Api>>) -> Answer {
    ok(&api.namespaces.show(Namespace::show_listed))
}

pub(super) async fn sessions(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> Answer {
    let sessions: Value = api.namespaces.sessions(&namespace)?.iter().map(|session| session.show_listed()).collect();
    ok(&sessions)
}
