//! The calls of a session's tools, until an agent stops or the session ends.

mod call_end;
mod call_follower;
mod next_call;

pub use self::next_call::NextCall;

use super::session::Session;
use crate::calls::{FromCall, NextCallError, SessionCalls};

impl Session {
    /// Returns the recorded calls of the session.
    ///
    /// # Errors
    ///
    /// Returns an error if the calls of a tool of `T` are not recorded.
    fn recorded_calls<T: FromCall>(&self) -> Result<SessionCalls, NextCallError> {
        let session_id = || self.id().to_owned();
        let Some(recorded) = self.recorded_tools() else {
            return Err(NextCallError::NoStore { session_id: session_id() });
        };
        match T::tools().into_iter().find(|tool| !recorded.contains(tool)) {
            Some(tool) => Err(NextCallError::NotRecorded { tool, session_id: session_id() }),
            None => Ok(SessionCalls::new(recorded.store.clone(), self.id())),
        }
    }
}
