//! [`Received`].

use std::fmt;
use std::time::SystemTime;

use super::error::NextCallError;
use super::from_call::FromCall;
use crate::store::RecordedCall;

/// A call with its arguments, its caller and its result.
///
/// `Debug` shows neither arguments nor the result.
#[non_exhaustive]
pub struct Received<T> {
    /// The arguments, or one of several tools.
    pub arguments: T,
    /// The name of the tool.
    pub tool: String,
    /// The calling agent, if the platform has named agents.
    pub agent_name: Option<String>,
    /// The session.
    pub session_id: String,
    /// When the result was recorded, before the agent received it.
    pub recorded_at: SystemTime,
    /// [`Call::idempotency_key`](crate::Call::idempotency_key): the same for repetitions of the call.
    pub key: String,
    /// The result, as the agent receives it: a JSON object.
    pub result: Vec<u8>,
}

impl<T: FromCall> FromCall for Received<T> {
    fn tools() -> Vec<&'static str> {
        T::tools()
    }

    fn from_call(mut call: RecordedCall) -> Result<Self, NextCallError> {
        let (tool, session_id, agent_name) = (call.tool.clone(), call.session_id.clone(), call.agent_name.clone());
        let (recorded_at, key) = (call.recorded_at, call.key.clone());
        let result = std::mem::take(&mut call.result);
        match T::from_call(call) {
            Ok(arguments) => Ok(Self { arguments, tool, agent_name, session_id, recorded_at, key, result }),
            Err(NextCallError::Arguments { call, problems }) => {
                Err(NextCallError::Arguments { call: Box::new(RecordedCall { result, ..*call }), problems })
            }
            Err(error) => Err(error),
        }
    }
}

impl<T> fmt::Debug for Received<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("tool", &self.tool)
            .field("agent_name", &self.agent_name)
            .field("session_id", &self.session_id)
            .field("recorded_at", &self.recorded_at)
            .field("key", &self.key)
            .field("result", &format_args!("{} bytes", self.result.len()))
            .finish_non_exhaustive()
    }
}
