//! The state of a session.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::agent::{AgentState, remaining_budget};
use super::message::Message;
use super::status::SessionStatus;
use super::thread::Thread;
use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp, deserialize};

/// The state of a session, from any server version.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionState {
    /// Its id; a UUID.
    pub id: String,
    /// Its namespace. Empty in the guide's list of the sessions of one namespace, which omits it.
    pub namespace: String,
    /// When it was created.
    pub timestamp: Option<Timestamp>,
    /// Its stage of life.
    pub status: SessionStatus,
    /// The annotations of the session request.
    pub annotations: BTreeMap<String, String>,
    /// Its agents and threads. `None` in lists and in the base state.
    pub detail: Option<AgentsAndThreads>,
    /// Fields that this version does not know, unchanged; those of an extended state's `base` under `base`. Servers
    /// later than 1.2 send `runningBudget`, `budgetSettings` and `agentClaimReceipts` there.
    pub extra: Map<String, Value>,
}

/// The part of an extended state that the base state does not have.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct AgentsAndThreads {
    /// Every agent of the session.
    pub agents: Vec<AgentState>,
    /// Every thread of the session, including closed ones, by the time of its creation. Servers list them in no particular order.
    pub threads: Vec<Thread>,
}

impl FromJson for SessionState {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut document = ObjectReader::new(value)?;
        let base = document.nested("base", base)?;
        let is_extended = base.is_some() || document.has("agents") || document.has("threads");
        let mut session = match base {
            Some(base) => base,
            None => self::base(&mut document)?,
        };
        if is_extended {
            let (agents, mut threads): (_, Vec<Thread>) =
                (document.or_default("agents")?, document.or_default("threads")?);
            threads.sort_by_key(|thread| thread.timestamp);
            session.detail = Some(AgentsAndThreads { agents, threads });
        }
        session.extra = document.into_remaining();
        Ok(session)
    }
}

fn base(object: &mut ObjectReader) -> Result<SessionState, DecodeError> {
    let id = object.first_present("id", "sessionId");
    Ok(SessionState {
        id: object.required(id)?,
        namespace: object.or_default("namespace")?,
        timestamp: object.optional("timestamp")?,
        status: SessionStatus::from_session(object)?,
        annotations: object.or_default("annotations")?,
        detail: None,
        extra: Map::new(),
    })
}

deserialize!(SessionState);

impl SessionState {
    /// Its agents; empty if [`SessionState::detail`] is `None`.
    #[must_use]
    pub fn agents(&self) -> &[AgentState] {
        self.detail.as_ref().map_or(&[], |detail| &detail.agents)
    }

    /// Its threads by the time of their creation; empty if [`SessionState::detail`] is `None`.
    #[must_use]
    pub fn threads(&self) -> &[Thread] {
        self.detail.as_ref().map_or(&[], |detail| &detail.threads)
    }

    /// The agent of this name.
    #[must_use]
    pub fn agent(&self, name: &str) -> Option<&AgentState> {
        self.agents().iter().find(|agent| agent.name == name)
    }

    /// Whether every agent is connected. `false` for a base state, which has no agents.
    ///
    /// An agent that has stopped is not connected: check [`SessionState::unconnected_agents`] before waiting longer.
    #[must_use]
    pub fn all_agents_connected(&self) -> bool {
        self.detail.is_some() && self.unconnected_agents().next().is_none()
    }

    /// The agents that are not connected, or no longer.
    pub fn unconnected_agents(&self) -> impl Iterator<Item = &AgentState> {
        self.agents().iter().filter(|agent| !agent.is_connected())
    }

    /// The names of the running agents.
    #[cfg(feature = "client")]
    pub(crate) fn running_agents(&self) -> Vec<String> {
        self.agents().iter().filter(|agent| agent.is_running()).map(|agent| agent.name.clone()).collect()
    }

    /// Whether every agent waits for a message, so that nothing happens on its own. `false` for a base state, which has no agents.
    #[must_use]
    pub fn all_agents_idle(&self) -> bool {
        self.detail.is_some() && self.agents().iter().all(AgentState::is_waiting_for_message)
    }

    /// Every message with its thread, in chronological order. Messages of the same time are ordered by thread, and within a
    /// thread as the server sends them.
    #[must_use]
    pub fn messages(&self) -> Vec<(&Thread, &Message)> {
        let mut messages: Vec<_> = self
            .threads()
            .iter()
            .flat_map(|thread| thread.messages.iter().map(move |message| (thread, message)))
            .collect();
        messages.sort_by(|(a_thread, a), (b_thread, b)| (a.timestamp, &a_thread.id).cmp(&(b.timestamp, &b_thread.id)));
        messages
    }

    /// The threads in which the agent of this name participates.
    pub fn threads_with<'s>(&'s self, agent: &'s str) -> impl Iterator<Item = &'s Thread> {
        self.threads().iter().filter(move |thread| thread.has_participant(agent))
    }

    /// Whether its agents have stopped and it is only kept for reading. A session that is gone has no state: the server returns
    /// 404.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        matches!(self.status, SessionStatus::Closing { .. })
    }

    /// Its remaining budget, in micro-cents (1 USD is 100 000 000). Servers send it after 1.2.
    #[must_use]
    pub fn remaining_budget(&self) -> Option<i64> {
        remaining_budget(&self.extra)
    }
}
