//! `/api/v1/puppet`: actions in the name of an agent.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use serde_json::json;

use super::Api;
use crate::coral::decode::{AddParticipant, CloseThread, CreateThread, RemoveParticipant, SendMessage};
use crate::coral::rejection::Rejection;
use crate::coral::response::{ApiResult, empty, json_ok};
use crate::coral::session::Session;

type AgentPath = Path<(String, String, String)>;

/// The session with this id, if it has the agent.
fn session_with_agent(api: &Api, namespace: &str, id: &str, agent: &str) -> Result<Arc<Session>, Rejection> {
    let session = api.namespaces.sessions(namespace)?.into_iter().find(|session| session.id == id);
    let session = session.ok_or_else(|| Rejection::not_found("Invalid session ID"))?;
    session.agent(agent)?;
    Ok(session)
}

pub(super) async fn kill(State(api): State<Arc<Api>>, Path((namespace, id, agent)): AgentPath) -> ApiResult {
    session_with_agent(&api, &namespace, &id, &agent)?.stop_agent(&agent).await?;
    empty()
}

pub(super) async fn create_thread(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): AgentPath,
    request: Request,
) -> ApiResult {
    let session = session_with_agent(&api, &namespace, &id, &agent)?;
    let CreateThread { name, participants } = api.decode_body(request).await?;
    let (_id, thread) = session.create_thread(&agent, name, participants)?;
    json_ok(&json!({"thread": thread}))
}

pub(super) async fn close_thread(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): AgentPath,
    request: Request,
) -> ApiResult {
    let session = session_with_agent(&api, &namespace, &id, &agent)?;
    let CloseThread { thread, summary } = api.decode_body(request).await?;
    session.close_thread(&agent, &thread, &summary)?;
    empty()
}

pub(super) async fn send_message(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): AgentPath,
    request: Request,
) -> ApiResult {
    let session = session_with_agent(&api, &namespace, &id, &agent)?;
    let SendMessage { thread, text, mentions } = api.decode_body(request).await?;
    let message = session.send(&agent, &thread, &text, &mentions).await?;
    json_ok(&json!({"status": "Message sent successfully", "message": message}))
}

pub(super) async fn add_participant(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): AgentPath,
    request: Request,
) -> ApiResult {
    let session = session_with_agent(&api, &namespace, &id, &agent)?;
    let AddParticipant { thread, name } = api.decode_body(request).await?;
    session.add_participant(&agent, &thread, &name)?;
    empty()
}

pub(super) async fn remove_participant(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): AgentPath,
    request: Request,
) -> ApiResult {
    let session = session_with_agent(&api, &namespace, &id, &agent)?;
    let RemoveParticipant { thread, name } = api.decode_body(request).await?;
    session.remove_participant(&agent, &thread, &name)?;
    empty()
}
