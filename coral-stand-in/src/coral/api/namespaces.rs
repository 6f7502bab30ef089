//! `/api/v1/local/namespace`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use serde_json::Value;

use super::Api;
use crate::coral::answer::{Answer, done, ok};
use crate::coral::decode::NamespaceRequest;
use crate::coral::session::Namespace;

pub(super) async fn list(State(api): State<Arc<Api>>) -> Answer {
    ok(&api.namespaces.show(|namespace, _| namespace.show_base()))
}

pub(super) async fn list_extended(State(api): State<Arc<Api>>) -> Answer {
    ok(&api.namespaces.show(Namespace::show))
}

pub(super) async fn create(State(api): State<Arc<Api>>, request: Request) -> Answer {
    let request: NamespaceRequest = api.read(request).await?;
    api.namespaces.create(request)?;
    done()
}

pub(super) async fn sessions(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> Answer {
    let sessions: Value = api.namespaces.sessions(&namespace)?.iter().map(|session| session.show_base()).collect();
    ok(&sessions)
}

pub(super) async fn sessions_extended(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> Answer {
    let sessions: Value = api.namespaces.sessions(&namespace)?.iter().map(|session| session.show()).collect();
    ok(&sessions)
}

pub(super) async fn delete(State(api): State<Arc<Api>>, Path(namespace): Path<String>) -> Answer {
    api.namespaces.delete(&namespace).await?;
    done()
}
