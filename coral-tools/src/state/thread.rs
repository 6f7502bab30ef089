//! Conversations of agents.

use serde_json::{Map, Value};

use super::message::Message;
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion, Timestamp};

/// A thread: a conversation between agents of a session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Thread {
    /// Its id.
    pub id: String,
    /// Its topic.
    pub name: String,
    /// The name of the agent that created it.
    pub creator_name: String,
    /// The names of the participating agents.
    pub participants: Vec<String>,
    /// The messages, in the server's order. Empty once the thread is closed: the server keeps only the summary.
    pub messages: Vec<Message>,
    /// Whether it is open.
    pub state: ThreadStatus,
    /// When it was created. Older servers omit it.
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl Thread {
    /// Whether the agent of this name participates.
    #[must_use]
    pub fn has_participant(&self, agent: &str) -> bool {
        self.participants.iter().any(|name| name == agent)
    }

    /// Whether it is closed, so that no more messages can be sent.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.state, ThreadStatus::Closed { .. })
    }
}

impl FromJson for Thread {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut thread = ObjectReader::new(value)?;
        Ok(Self {
            id: thread.required("id")?,
            name: thread.or_default("name")?,
            creator_name: thread.or_default("creatorName")?,
            participants: thread.or_default("participants")?,
            messages: thread.or_default("messages")?,
            state: thread.tagged_or_other("state")?,
            timestamp: thread.optional("timestamp")?,
            extra: thread.into_remaining(),
        })
    }
}

/// Whether a thread is open.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ThreadStatus {
    /// Participants can send messages.
    Open,
    /// Closed; its messages are deleted.
    Closed {
        /// The summary written by the agent that closed it.
        summary: String,
        /// When it was closed. The guide omits it.
        timestamp: Option<Timestamp>,
    },
    /// An unknown value, unchanged; `null` if the server sends none.
    Other(Value),
}

impl TaggedUnion for ThreadStatus {
    const TAG: &'static str = "state";

    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "open" => Self::Open,
            "closed" => {
                Self::Closed { summary: fields.or_default("summary")?, timestamp: fields.optional("timestamp")? }
            }
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}
