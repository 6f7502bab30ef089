//! What an agent waits for.

use serde_json::{Map, Value};

use super::tagged;
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion};

/// A condition that a message must meet for an agent that waits. Where there are several, it must meet them all.
///
/// ```
/// use coral_tools::state::{SessionEvent, SessionEventKind, MessageFilterKind};
/// use coral_tools::from_json;
///
/// let event: SessionEvent = from_json(
///     br#"{"type": "agent_wait_start", "name": "writer", "filters": [{"type": "mentions", "name": "writer"}]}"#,
/// )?;
/// let SessionEventKind::AgentWaitStart { filters, .. } = &event.kind else { panic!("a wait") };
/// assert_eq!(filters[0].kind, MessageFilterKind::Mentions { name: "writer".to_owned() });
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MessageFilter {
    /// The condition.
    pub kind: MessageFilterKind,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl FromJson for MessageFilter {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let (kind, rest) = tagged(value)?;
        Ok(Self { kind, extra: rest.into_remaining() })
    }
}

/// A condition that a message must meet.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MessageFilterKind {
    /// It mentions an agent; `mentions` on the wire.
    Mentions {
        /// The agent's name: of the one that waits.
        name: String,
    },
    /// It is in a thread; `thread` on the wire.
    InThread {
        /// The thread's id.
        thread_id: String,
    },
    /// An agent has sent it; `from` on the wire.
    SentBy {
        /// The agent's name.
        name: String,
    },
    /// One that this version does not know, as it came.
    Other(Value),
}

impl TaggedUnion for MessageFilterKind {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "mentions" => Self::Mentions { name: fields.required("name")? },
            "thread" => Self::InThread { thread_id: fields.required("threadId")? },
            "from" => Self::SentBy { name: fields.required("name")? },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}
