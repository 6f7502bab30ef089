//! Events of a session.

use serde_json::{Map, Value};

use super::envelope::EventEnvelope;
use super::session_kind::SessionEventKind;
use crate::json::{DecodeError, FromJson, Timestamp, deserialize};
use crate::state::message::Message;

/// An event of a session.
///
/// A server sends each client the events from its connection on, without history, and a slow client misses the oldest ones. So
/// treat an event as a reason to read the session's extended state, which is authoritative.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::SessionEvent;
///
/// let event: SessionEvent = from_json(br#"{
///     "type": "thread_message_sent",
///     "timestamp": "2026-05-08T14:56:15.123456Z",
///     "message": {"id": "m1", "threadId": "t1", "text": "Done.", "senderName": "writer", "mentionNames": []}
/// }"#)?;
/// assert_eq!((event.agent(), event.thread_id()), (Some("writer"), Some("t1")));
/// assert_eq!(event.message().map(|message| message.text()).as_deref(), Some("Done."));
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionEvent {
    /// When it happened.
    pub timestamp: Option<Timestamp>,
    /// The kind of event.
    pub kind: SessionEventKind,
    /// Fields that this version does not know, unchanged; empty for [`SessionEventKind::Other`], which contains them.
    pub extra: Map<String, Value>,
}

impl SessionEvent {
    /// The message that was sent. `None` for [`SessionEventKind::AgentWaitStop`], whose message has an event of its own.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        match &self.kind {
            SessionEventKind::ThreadMessageSent { message } => Some(message),
            _ => None,
        }
    }

    /// The name of the agent concerned: the agent added to a thread, the sender of a message, the creator of a thread. Servers
    /// send neither the agent that closed a thread nor the owner of a container.
    #[must_use]
    pub fn agent(&self) -> Option<&str> {
        let name = match &self.kind {
            SessionEventKind::RuntimeStarted { name }
            | SessionEventKind::RuntimeStopped { name }
            | SessionEventKind::AgentConnected { name }
            | SessionEventKind::AgentWaitStart { name, .. }
            | SessionEventKind::AgentWaitStop { name, .. }
            | SessionEventKind::AgentSleepStart { name }
            | SessionEventKind::AgentSleepStop { name }
            | SessionEventKind::ThreadParticipantAdded { name, .. }
            | SessionEventKind::ThreadParticipantRemoved { name, .. } => name,
            SessionEventKind::LlmProxyCall { agent_name, .. } => agent_name,
            SessionEventKind::ThreadCreated { thread } => &thread.creator_name,
            SessionEventKind::ThreadMessageSent { message } => &message.sender_name,
            _ => return None,
        };
        Some(name.as_str()).filter(|name| !name.is_empty())
    }

    /// The id of the thread concerned.
    #[must_use]
    pub fn thread_id(&self) -> Option<&str> {
        let id = match &self.kind {
            SessionEventKind::ThreadCreated { thread } => &thread.id,
            SessionEventKind::ThreadParticipantAdded { thread_id, .. }
            | SessionEventKind::ThreadParticipantRemoved { thread_id, .. }
            | SessionEventKind::ThreadClosed { thread_id, .. } => thread_id,
            SessionEventKind::ThreadMessageSent { message } => &message.thread_id,
            _ => return None,
        };
        Some(id.as_str()).filter(|id| !id.is_empty())
    }
}

impl FromJson for SessionEvent {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let EventEnvelope { timestamp, kind, extra } = EventEnvelope::from_json(value)?;
        Ok(Self { timestamp, kind, extra })
    }
}

deserialize!(SessionEvent);
