//! `/api/v1/local/session`.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use serde_json::json;

use super::Api;
use crate::coral::answer::{Answer, done, ok};
use crate::coral::decode::{Execution, RuntimeSettings, SessionRequest};
use crate::coral::graph::plan;
use crate::coral::refusal::Refusal;

type At = Path<(String, String)>;

pub(super) async fn create(State(api): State<Arc<Api>>, request: Request) -> Answer {
    let SessionRequest { graph, namespace, execution, annotations } = api.read(request).await?;
    let agents = plan(graph, &api.common.registry, api.common.plays).map_err(Refusal::unexpected)?;
    let session = api.namespaces.create_session(namespace, agents, annotations)?;
    if let Execution::Immediate(settings) = execution {
        api.namespaces.launch(&session, settings)?;
    }
    ok(&json!({"namespace": session.namespace.name, "sessionId": session.id}))
}

pub(super) async fn base(State(api): State<Arc<Api>>, Path((namespace, id)): At) -> Answer {
    ok(&api.namespaces.session(&namespace, &id)?.show_base())
}

pub(super) async fn extended(State(api): State<Arc<Api>>, Path((namespace, id)): At) -> Answer {
    ok(&api.namespaces.session(&namespace, &id)?.show())
}

pub(super) async fn execute(State(api): State<Arc<Api>>, Path((namespace, id)): At, request: Request) -> Answer {
    let session = api.namespaces.session_to_execute(&namespace, &id)?;
    if !session.is_pending() {
        return Err(Refusal::bad_request("Session is not pending execution"));
    }
    let settings: RuntimeSettings = api.read(request).await?;
    api.namespaces.launch(&session, settings)?;
    done()
}

pub(super) async fn close(State(api): State<Arc<Api>>, Path((namespace, id)): At) -> Answer {
    api.namespaces.session(&namespace, &id)?.cancel_and_join().await?;
    done()
}
