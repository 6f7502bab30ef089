//! Filters of the messages that an agent waits for.

use serde_json::{Map, Value};

use super::envelope::tagged;
use crate::json::{DecodeError, FromJson, ObjectReader, TaggedUnion};

/// A condition on the message that an agent waits for. A message must meet all conditions of a wait.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::{SessionEvent, SessionEventKind, MessageFilterKind};
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
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl FromJson for MessageFilter {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let (kind, rest) = tagged(value)?;
        Ok(Self { kind, extra: rest.into_remaining() })
    }
}

/// The kind of a condition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MessageFilterKind {
    /// The message mentions an agent; `mentions` on the wire.
    Mentions {
        /// The name of the waiting agent.
        name: String,
    },
    /// The message is in a thread; `thread` on the wire.
    InThread {
        /// The thread's id.
        thread_id: String,
    },
    /// The message was sent by an agent; `from` on the wire.
    SentBy {
        /// The agent's name.
        name: String,
    },
    /// An unknown value, unchanged.
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
