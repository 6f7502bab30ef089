//! `/api/v1/puppet`: doing something as one of a session's agents.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use serde_json::json;

use super::Api;
use crate::coral::answer::{Answer, done, ok};
use crate::coral::decode::{CloseThread, CreateThread, Participant, SendMessage};
use crate::coral::refusal::Refusal;
use crate::coral::session::Session;

type At = Path<(String, String, String)>;

/// The session of an agent that is in it.
fn session(api: &Api, namespace: &str, id: &str, agent: &str) -> Result<Arc<Session>, Refusal> {
    let found = api.namespaces.sessions(namespace)?.into_iter().find(|session| session.id == id);
    let session = found.ok_or_else(|| Refusal::not_found("Invalid session ID"))?;
    session.agent(agent)?;
    Ok(session)
}

pub(super) async fn kill(State(api): State<Arc<Api>>, Path((namespace, id, agent)): At) -> Answer {
    session(&api, &namespace, &id, &agent)?.cancel_and_join_agent(&agent).await?;
    done()
}

pub(super) async fn create_thread(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): At,
    request: Request,
) -> Answer {
    let session = session(&api, &namespace, &id, &agent)?;
    let CreateThread { name, participants } = api.read(request).await?;
    let (_id, thread) = session.create_thread(&agent, name, participants)?;
    ok(&json!({"thread": thread}))
}

pub(super) async fn close_thread(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): At,
    request: Request,
) -> Answer {
    let session = session(&api, &namespace, &id, &agent)?;
    let CloseThread { thread, summary } = api.read(request).await?;
    session.close_thread(&thread, &summary)?;
    done()
}

pub(super) async fn send_message(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): At,
    request: Request,
) -> Answer {
    let session = session(&api, &namespace, &id, &agent)?;
    let SendMessage { thread, text, mentions } = api.read(request).await?;
    let message = session.send(&agent, &thread, &text, &mentions)?;
    ok(&json!({"status": "Message sent successfully", "message": message}))
}

pub(super) async fn add_participant(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): At,
    request: Request,
) -> Answer {
    let session = session(&api, &namespace, &id, &agent)?;
    let Participant::<true> { thread, name } = api.read(request).await?;
    session.add_participant(&agent, &thread, &name)?;
    done()
}

pub(super) async fn remove_participant(
    State(api): State<Arc<Api>>,
    Path((namespace, id, agent)): At,
    request: Request,
) -> Answer {
    let session = session(&api, &namespace, &id, &agent)?;
    let Participant::<false> { thread, name } = api.read(request).await?;
    session.remove_participant(&agent, &thread, &name)?;
    done()
}
