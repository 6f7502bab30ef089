//! Where agents talk.

use serde_json::{Map, Value};

use super::message::Message;
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion, Timestamp};

/// A conversation of some agents of a session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Thread {
    /// Its id.
    pub id: String,
    /// Its topic.
    pub name: String,
    /// The name of the agent that opened it.
    pub creator_name: String,
    /// The names of the agents in it.
    pub participants: Vec<String>,
    /// What has been said, in the server's order. Empty once the thread is closed: the server keeps the summary alone.
    pub messages: Vec<Message>,
    /// Whether it is open.
    pub state: ThreadState,
    /// When it was opened. Older servers do not say.
    pub timestamp: Option<Timestamp>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl Thread {
    /// Whether the agent of this name is in it.
    #[must_use]
    pub fn has_participant(&self, agent: &str) -> bool {
        self.participants.iter().any(|name| name == agent)
    }

    /// Whether it is closed: nothing can be said in it any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.state, ThreadState::Closed { .. })
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
pub enum ThreadState {
    /// Its participants can talk in it.
    Open,
    /// It is over, and its messages are gone.
    Closed {
        /// What came of it, in the words of the agent that closed it.
        summary: String,
        /// When it was closed. The guide leaves it out.
        timestamp: Option<Timestamp>,
    },
    /// One that this version does not know, as it came; `null` where the server says nothing.
    Other(Value),
}

impl TaggedUnion for ThreadState {
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
