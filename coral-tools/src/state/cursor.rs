//! Each message once.

use std::collections::HashSet;

use super::message::Message;
use super::session::SessionState;
use super::thread::Thread;

/// Given one state of a session after the other, gives each message once.
///
/// It goes by the ids of messages, never by their times: two messages may be of one moment, and threads are not read in
/// the order of time. A thread that closes loses its messages on the server, and an answer that was overtaken may bring
/// them back; neither makes a message come twice. A message that was sent and lost between two states is in neither:
/// ask more often, or listen to the server's events.
///
/// ```
/// use coral_tools::state::{MessageCursor, SessionState};
/// use coral_tools::from_json;
///
/// let first: SessionState = from_json(
///     br#"{"id": "s1", "threads": [{"id": "t1", "messages": [{"id": "m1", "text": "Hello", "timestamp": 1704067200000}]}]}"#,
/// )?;
///
/// let mut cursor = MessageCursor::new();
/// let new = cursor.new_messages(&first);
/// assert_eq!(new.iter().map(|(_, message)| message.text()).collect::<Vec<_>>(), ["Hello"]);
/// assert!(cursor.new_messages(&first).is_empty());
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MessageCursor {
    seen: HashSet<String>,
}

impl MessageCursor {
    /// One that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The messages of `state` that no state before it had, with their threads, in the order of time.
    pub fn new_messages<'s>(&mut self, state: &'s SessionState) -> Vec<(&'s Thread, &'s Message)> {
        let mut messages = state.messages();
        messages.retain(|(_, message)| self.is_new(message));
        messages
    }

    /// Whether neither a state nor an event before had this message: one that an event of the server's tells of, say.
    pub fn is_new(&mut self, message: &Message) -> bool {
        self.seen.insert(message.id.clone())
    }
}
