//! An agent of a session: its settings, status and inbox.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::AtomicU8;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use tokio::sync::{Notify, watch};

use super::thread::Message;
use crate::coral::decode::{Annotations, CustomTool, Provider};
use crate::coral::graph::PlannedAgent;
use crate::coral::lock::lock;
use crate::coral::registry::RegisteredAgent;
use crate::coral::timestamp::Timestamp;

/// The largest number of messages in an inbox; the oldest are dropped.
const MAX_INBOX: usize = 4096;

#[derive(Debug)]
pub(in crate::coral) struct Agent {
    pub(in crate::coral) name: String,
    pub(in crate::coral) agent_type: Arc<RegisteredAgent>,
    pub(in crate::coral) options: Map<String, Value>,
    pub(in crate::coral) tools: Vec<(String, CustomTool)>,
    pub(in crate::coral) links: Vec<String>,
    pub(in crate::coral) can_close_session: bool,
    pub(super) provider: Provider,
    pub(super) description: String,
    pub(super) annotations: Annotations,
    pub(super) blocking: bool,
    pub(super) status: watch::Sender<AgentStatus>,
    /// Whether the agent has connected.
    pub(super) connected: watch::Sender<bool>,
    pub(super) cancelled: watch::Sender<bool>,
    /// The code that the agent's program exits with.
    pub(in crate::coral) exit_code: AtomicU8,
    /// The start and end of each run.
    pub(super) runs: Mutex<Vec<(Timestamp, Timestamp)>>,
    inbox: Mutex<VecDeque<Message>>,
    pub(in crate::coral) inbox_changed: Notify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AgentStatus {
    Waiting,
    Running { since: Timestamp, connection: ConnectionStatus },
    Stopped { ran_since: Option<Timestamp> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::coral) enum ConnectionStatus {
    NotConnected,
    Thinking,
    WaitingForMessage,
}

/// The text of the agent in the log of the server.
impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionAgentState(graphAgent={}, links={})", self.name, self.links.join(", "))
    }
}

/// The text of the status in the log of the server.
impl fmt::Display for ConnectionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotConnected => "not connected",
            Self::Thinking => "thinking",
            Self::WaitingForMessage => "waiting",
        })
    }
}

impl Agent {
    pub(super) fn new(plan: PlannedAgent) -> Self {
        let PlannedAgent { request, agent_type, options, tools, links } = plan;
        Self {
            name: request.name,
            description: request.description.unwrap_or_else(|| agent_type.description().to_owned()),
            agent_type,
            options,
            tools,
            links,
            can_close_session: request.can_close_session,
            provider: request.provider,
            annotations: request.annotations,
            blocking: request.blocking,
            status: watch::Sender::new(AgentStatus::Waiting),
            connected: watch::Sender::new(false),
            cancelled: watch::Sender::new(false),
            exit_code: AtomicU8::new(0),
            runs: Mutex::default(),
            inbox: Mutex::default(),
            inbox_changed: Notify::new(),
        }
    }

    /// Sets the connection status, if the agent is running, and returns the previous one.
    pub(in crate::coral) fn set_connection(&self, now: ConnectionStatus) -> Option<ConnectionStatus> {
        let mut previous = None;
        self.status.send_if_modified(|status| match status {
            AgentStatus::Running { connection, .. } => {
                previous = Some(std::mem::replace(connection, now));
                previous != Some(now)
            }
            AgentStatus::Waiting | AgentStatus::Stopped { .. } => false,
        });
        previous
    }

    pub(super) fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    pub(super) async fn wait_until_stopped(&self) {
        let mut status = self.status.subscribe();
        // The sender is in `self`, so this returns no error.
        let _status = status.wait_for(|status| matches!(status, AgentStatus::Stopped { .. })).await;
    }

    /// Delivers a message of a thread, unless the agent sent it.
    pub(super) fn deliver(&self, message: &Message) {
        if message.sender != self.name {
            let mut inbox = lock(&self.inbox);
            if inbox.len() == MAX_INBOX {
                inbox.pop_front();
            }
            inbox.push_back(message.clone());
        }
        self.inbox_changed.notify_waiters();
    }

    /// Removes the first matching message from the inbox.
    pub(in crate::coral) fn take_message(&self, matches: impl Fn(&Message) -> bool) -> Option<Message> {
        let mut inbox = lock(&self.inbox);
        let at = inbox.iter().position(matches)?;
        inbox.remove(at)
    }
}
