//! The end of a session, or of an agent, from which calls are awaited.

use super::super::follow::StateFollower;
use super::super::session::Session;
use crate::calls::NextCallError;
use crate::state::{AgentStatus, SessionState};

/// Waits until one of these agents has stopped, the session has ended or its state cannot be read.
pub(super) async fn call_end(session: Session, agents: Vec<String>) -> NextCallError {
    let outage = session.coral().outage_tolerance().in_session(session.id());
    let mut follower = StateFollower::new(session.clone(), outage);
    while let Some(state) = follower.next().await {
        match state {
            Err(error) => return NextCallError::Client(error),
            Ok(state) if state.is_closing() => break,
            Ok(state) => {
                if let Some(end) = agents.iter().find_map(|agent| agent_end(&session, &state, agent)) {
                    return end;
                }
            }
        }
    }
    NextCallError::SessionEnded { session_id: session.id().to_owned() }
}

/// Returns an error if an agent has stopped, or is not an agent of the session.
fn agent_end(session: &Session, state: &SessionState, name: &str) -> Option<NextCallError> {
    let (agent_name, session_id) = (name.to_owned(), session.id().to_owned());
    let has_stopped = match state.agent(name) {
        // A state without details has no agents.
        None if state.detail.is_none() => return None,
        None => return Some(NextCallError::UnknownAgent { agent_name, session_id }),
        Some(agent) if agent.status == AgentStatus::NotConnected => session.was_connected(agent),
        Some(agent) => agent.has_stopped(),
    };
    has_stopped.then_some(NextCallError::AgentStopped { agent_name, session_id })
}
