//! `/api/v1/local/session`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use serde_json::json;

use super::Api;
use crate::coral::decode::{Execution, RuntimeSettings, SessionRequest};
use crate::coral::graph::plan;
use crate::coral::logs::{Level, LogSubject};
use crate::coral::rejection::Rejection;
use crate::coral::response::{ApiResult, empty, json_ok};

type SessionPath = Path<(String, String)>;

pub(super) async fn create(State(api): State<Arc<Api>>, request: Request) -> ApiResult {
    let SessionRequest { graph, namespace, execution, annotations } = api.decode_body(request).await?;
    let agents = plan(graph, &api.context.registry, api.context.emulated).map_err(Rejection::unexpected)?;
    let session = api.namespaces.create_session(namespace, agents, annotations)?;
    let kind = if matches!(execution, Execution::Deferred) { "deferred" } else { "immediate" };
    let text =
        format!("session \"{}\" was created in \"{}\" with {kind} execution", session.id, session.namespace.name);
    api.context.logs.write(Level::Info, LogSubject::default(), text);
    if let Execution::Immediate(settings) = execution {
        api.namespaces.launch(&session, settings)?;
    }
    json_ok(&json!({"namespace": session.namespace.name, "sessionId": session.id}))
}

pub(super) async fn base(State(api): State<Arc<Api>>, Path((namespace, id)): SessionPath) -> ApiResult {
    json_ok(&api.namespaces.session(&namespace, &id)?.base_json())
}

pub(super) async fn extended(State(api): State<Arc<Api>>, Path((namespace, id)): SessionPath) -> ApiResult {
    json_ok(&api.namespaces.session(&namespace, &id)?.extended_json())
}

pub(super) async fn execute(
    State(api): State<Arc<Api>>,
    Path((namespace, id)): SessionPath,
    request: Request,
) -> ApiResult {
    let session = api.namespaces.session_to_execute(&namespace, &id)?;
    if !session.is_pending() {
        return Err(Rejection::bad_request("Session is not pending execution"));
    }
    let settings: RuntimeSettings = api.decode_body(request).await?;
    api.namespaces.launch(&session, settings)?;
    empty()
}

pub(super) async fn close(State(api): State<Arc<Api>>, Path((namespace, id)): SessionPath) -> ApiResult {
    let session = api.namespaces.session(&namespace, &id)?;
    // A server continues when the client has gone.
    api.context.tasks.run(async move { session.stop_all_agents().await }).await.unwrap_or(Ok(()))?;
    empty()
}
