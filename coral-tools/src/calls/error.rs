//! [`NextCallError`].

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

#[cfg(feature = "client")]
use crate::api::ClientError;
use crate::schema::Problem;
use crate::store::{RecordedCall, StoreError};

/// The error of awaiting a call. [`session_id`](Self::session_id) is the session's id.
#[derive(Debug)]
#[non_exhaustive]
pub enum NextCallError {
    /// No call was recorded within the timeout.
    TimedOut {
        /// The timeout.
        timeout: Duration,
        /// The names of the tools whose calls were awaited.
        tools: Vec<&'static str>,
        /// The session's id.
        session_id: String,
    },
    /// The agent has stopped without a call.
    AgentStopped {
        /// The agent's name.
        agent_name: String,
        /// The session's id.
        session_id: String,
    },
    /// The session has no agent of this name.
    UnknownAgent {
        /// The name.
        agent_name: String,
        /// The session's id.
        session_id: String,
    },
    /// The session has ended without a call.
    SessionEnded {
        /// The session's id.
        session_id: String,
    },
    /// No calls are recorded: the session was not created from a toolset with a store.
    NoStore {
        /// The session's id.
        session_id: String,
    },
    /// The calls of this tool are not recorded: no toolset with a store, from which the session was created, contains it.
    NotRecorded {
        /// The tool's name.
        tool: &'static str,
        /// The session's id.
        session_id: String,
    },
    /// The arguments of a call cannot be read as the type of the tool, because another version of the application has recorded it.
    /// The call was taken from the store, and is in this error.
    Arguments {
        /// The call.
        call: Box<RecordedCall>,
        /// Everything that is wrong with its arguments.
        problems: Vec<Problem>,
    },
    /// The store has failed.
    Store {
        /// The error of the store.
        error: StoreError,
        /// The session's id.
        session_id: String,
    },
    /// The state of the session cannot be read.
    #[cfg(feature = "client")]
    Client(ClientError),
}

impl NextCallError {
    /// Returns the session's id.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::TimedOut { session_id, .. }
            | Self::AgentStopped { session_id, .. }
            | Self::UnknownAgent { session_id, .. }
            | Self::SessionEnded { session_id }
            | Self::NoStore { session_id }
            | Self::NotRecorded { session_id, .. }
            | Self::Store { session_id, .. } => Some(session_id),
            Self::Arguments { call, .. } => Some(&call.session_id),
            #[cfg(feature = "client")]
            Self::Client(error) => error.session_id(),
        }
    }

    /// Returns the status of an HTTP response of an application that awaited the call for its own client: 504 if it did not come in
    /// time, 502 if it will not come, [`ClientError::gateway_status`](crate::ClientError::gateway_status) of an error of the server,
    /// and 500 for an error of the application or its store.
    #[must_use]
    pub fn gateway_status(&self) -> StatusCode {
        match self {
            Self::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
            Self::AgentStopped { .. } | Self::SessionEnded { .. } => StatusCode::BAD_GATEWAY,
            #[cfg(feature = "client")]
            Self::Client(error) => error.gateway_status(),
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Display for NextCallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut { timeout, tools, .. } => {
                write!(f, "no call of `{}` within {timeout:?}", tools.join("` or `"))
            }
            Self::AgentStopped { agent_name, .. } => {
                write!(f, "the agent `{}` has stopped without a call", agent_name.escape_debug())
            }
            Self::UnknownAgent { agent_name, .. } => {
                write!(f, "the session has no agent `{}`", agent_name.escape_debug())
            }
            Self::SessionEnded { .. } => f.write_str("the session has ended without a call"),
            Self::NoStore { .. } => f.write_str(
                "no calls are recorded: create the session from a toolset with a store (`Toolset::with_store`), and await them \
                 through the `Session` that was created",
            ),
            Self::NotRecorded { tool, .. } => write!(
                f,
                "the calls of `{tool}` are not recorded: the session was created without a toolset that contains it and has a store"
            ),
            Self::Arguments { call, problems } => {
                write!(f, "a recorded call of `{}` has arguments of another version", call.tool)?;
                problems.iter().try_for_each(|problem| write!(f, "; {problem}"))
            }
            Self::Store { error, .. } => error.fmt(f),
            #[cfg(feature = "client")]
            Self::Client(error) => error.fmt(f),
        }
    }
}

impl Error for NextCallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store { error, .. } => error.source(),
            #[cfg(feature = "client")]
            Self::Client(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(feature = "client")]
impl From<ClientError> for NextCallError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}
