//! One agent of a session: what it was made of, and what it is doing.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use tokio::sync::{Notify, watch};

use super::thread::Message;
use crate::coral::decode::{Annotations, CustomTool, Provider};
use crate::coral::graph::PlannedAgent;
use crate::coral::lock::lock;
use crate::coral::moment::Moment;
use crate::coral::registry::Entry;

/// How many messages wait for an agent that does not listen; the oldest are dropped.
const INBOX: usize = 4096;

#[derive(Debug)]
pub(in crate::coral) struct Agent {
    pub(in crate::coral) name: String,
    pub(in crate::coral) entry: Arc<Entry>,
    pub(in crate::coral) options: Map<String, Value>,
    pub(in crate::coral) tools: Vec<(String, CustomTool)>,
    pub(in crate::coral) links: Vec<String>,
    pub(in crate::coral) can_close_session: bool,
    pub(super) provider: Provider,
    pub(super) description: String,
    pub(super) annotations: Annotations,
    pub(super) blocking: bool,
    pub(super) status: watch::Sender<Status>,
    /// Whether it has come as far as to connect.
    pub(super) arrived: watch::Sender<bool>,
    pub(super) cancelled: watch::Sender<bool>,
    /// From when to when it ran.
    pub(super) stints: Mutex<Vec<(Moment, Moment)>>,
    inbox: Mutex<VecDeque<Message>>,
    pub(in crate::coral) heard: Notify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Waiting,
    Running { since: Moment, connection: Connection },
    Stopped { ran_since: Option<Moment> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::coral) enum Connection {
    NotConnected,
    Thinking,
    WaitingForMessage,
}

impl Agent {
    pub(super) fn new(plan: PlannedAgent) -> Self {
        let PlannedAgent { request, entry, options, tools, links } = plan;
        Self {
            name: request.name,
            description: request.description.unwrap_or_else(|| entry.description().to_owned()),
            entry,
            options,
            tools,
            links,
            can_close_session: request.can_close_session,
            provider: request.provider,
            annotations: request.annotations,
            blocking: request.blocking,
            status: watch::Sender::new(Status::Waiting),
            arrived: watch::Sender::new(false),
            cancelled: watch::Sender::new(false),
            stints: Mutex::default(),
            inbox: Mutex::default(),
            heard: Notify::new(),
        }
    }

    /// Of an agent that is not running nothing changes.
    pub(in crate::coral) fn set_connection(&self, now: Connection) {
        self.status.send_if_modified(|status| match status {
            Status::Running { connection, .. } => std::mem::replace(connection, now) != now,
            Status::Waiting | Status::Stopped { .. } => false,
        });
    }

    pub(super) fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    pub(super) async fn stopped(&self) {
        let mut status = self.status.subscribe();
        // The sender is here, so there will be no error.
        let _status = status.wait_for(|status| matches!(status, Status::Stopped { .. })).await;
    }

    /// A message was put where the agent takes part. Its own are not for it.
    pub(super) fn hear(&self, message: &Message) {
        if message.sender != self.name {
            let mut inbox = lock(&self.inbox);
            if inbox.len() == INBOX {
                inbox.pop_front();
            }
            inbox.push_back(message.clone());
        }
        self.heard.notify_waiters();
    }

    /// Takes the first message out of the inbox that is wanted.
    pub(in crate::coral) fn take_heard(&self, wanted: impl Fn(&Message) -> bool) -> Option<Message> {
        let mut inbox = lock(&self.inbox);
        let at = inbox.iter().position(wanted)?;
        inbox.remove(at)
    }
}
