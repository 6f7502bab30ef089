//! [`RecordedCall`].

use std::fmt;
use std::time::SystemTime;

/// A call of a tool that has succeeded, as a [`Store`](super::Store) keeps it.
///
/// `Debug` shows the sizes of arguments and result, not their contents.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores create it from what they have kept")]
pub struct RecordedCall {
    /// The session, to which the call belongs.
    pub session_id: String,
    /// The name of the tool.
    pub tool: String,
    /// The calling agent, if the platform has named agents.
    pub agent_name: Option<String>,
    /// When the result was recorded.
    pub recorded_at: SystemTime,
    /// [`Call::idempotency_key`](crate::Call::idempotency_key).
    pub key: String,
    /// The arguments, as the agent sent them: JSON, or no bytes.
    pub arguments: Vec<u8>,
    /// The result, as the agent receives it: a JSON object.
    pub result: Vec<u8>,
}

impl fmt::Debug for RecordedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedCall")
            .field("session_id", &self.session_id)
            .field("tool", &self.tool)
            .field("agent_name", &self.agent_name)
            .field("recorded_at", &self.recorded_at)
            .field("key", &self.key)
            .field("arguments", &format_args!("{} bytes", self.arguments.len()))
            .field("result", &format_args!("{} bytes", self.result.len()))
            .finish()
    }
}
