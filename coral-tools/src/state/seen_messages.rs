//! Finds the new messages in successive states.

use std::collections::HashSet;

use super::message::Message;
use super::session::SessionState;
use super::thread::Thread;

/// Returns each message once, from successive states of a session.
///
/// Messages are identified by their ids, not by their times: two messages may have the same time, and threads are not in
/// chronological order. A server deletes the messages of a thread that is closed, and a response that arrives late may contain
/// them again; a message is never returned twice. A message that is sent and deleted between two states is in neither of them:
/// poll more often, or use the server's events.
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::state::{SeenMessages, SessionState};
///
/// let first: SessionState = from_json(
///     br#"{"id": "s1", "threads": [{"id": "t1", "messages": [{"id": "m1", "text": "Hello", "timestamp": 1704067200000}]}]}"#,
/// )?;
///
/// let mut cursor = SeenMessages::new();
/// let new = cursor.new_messages(&first);
/// assert_eq!(new.iter().map(|(_, message)| message.text()).collect::<Vec<_>>(), ["Hello"]);
/// assert!(cursor.new_messages(&first).is_empty());
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SeenMessages {
    seen: HashSet<String>,
}

impl SeenMessages {
    /// A cursor before the first message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The messages of `state` that are new since the last call, with their threads, in chronological order.
    pub fn new_messages<'s>(&mut self, state: &'s SessionState) -> Vec<(&'s Thread, &'s Message)> {
        let mut messages = state.messages();
        messages.retain(|(_, message)| self.is_new(message));
        messages
    }

    /// Whether the message is new, and remembers it. Use it for a message from an event.
    pub fn is_new(&mut self, message: &Message) -> bool {
        self.seen.insert(message.id.clone())
    }
}
