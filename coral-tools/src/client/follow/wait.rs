//! Waiting until a session has reached a state.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::super::session::Session;
use super::states::StateFollower;
use crate::api::{ClientError, OutageTolerance};
use crate::state::{AgentActivity, AgentConnection, AgentState, AgentStatus, SessionState};

/// The error of waiting for a session. [`session_id`](Self::session_id) is the session's id.
///
/// `Debug` prints the same text as `Display`, like that of [`ClientError`].
#[non_exhaustive]
pub enum WaitError {
    /// The timeout has expired.
    TimedOut {
        /// The timeout.
        timeout: Duration,
        /// The agents that have not reached the state, as of the last poll; empty for [`Session::wait_until`].
        missing: Vec<AgentState>,
        /// The error of the last poll, if it failed.
        last_error: Option<ClientError>,
        /// The session's id.
        session_id: String,
    },
    /// Agents have stopped before they connected.
    Stopped {
        /// The agents.
        agents: Vec<AgentState>,
        /// The session's id.
        session_id: String,
    },
    /// The session has ended before it reached the state.
    Ended {
        /// The session's id.
        session_id: String,
    },
    /// The session's state cannot be read.
    Client(ClientError),
}

impl WaitError {
    /// Returns the session's id.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::TimedOut { session_id, .. } | Self::Stopped { session_id, .. } | Self::Ended { session_id } => {
                Some(session_id)
            }
            Self::Client(error) => error.session_id(),
        }
    }
}

impl fmt::Debug for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How far a session is from the state that is waited for.
enum WaitProgress {
    Reached,
    Missing(Vec<AgentState>),
    /// The state cannot be reached, because these agents have stopped.
    Stopped(Vec<AgentState>),
}

impl Session {
    /// Waits until every agent is connected. An agent that has stopped counts as connected if it was connected before, in a state or
    /// event that this [`Session`] has received, or if its program has exited with status 0 according to the server's log. Transient
    /// errors are tolerated until the timeout.
    ///
    /// # Errors
    ///
    /// Returns an error if the timeout expires, with the agents that are not connected, if one of them has stopped in another way, or
    /// if the session has ended.
    pub async fn wait_until_connected(&self, timeout: Duration) -> Result<SessionState, WaitError> {
        self.wait(timeout, |state| {
            let counts = |agent: &&AgentState| self.was_connected(agent) && (agent.is_connected() || has_exited(agent));
            let missing: Vec<_> = state.agents().iter().filter(|agent| !counts(agent)).cloned().collect();
            if state.detail.is_some() && missing.is_empty() {
                WaitProgress::Reached
            } else if missing.iter().any(AgentState::has_stopped) {
                WaitProgress::Stopped(missing.into_iter().filter(AgentState::has_stopped).collect())
            } else {
                WaitProgress::Missing(missing)
            }
        })
        .await
    }

    /// Waits until every agent waits for a message or has stopped, so that nothing happens without a new message. An agent that has
    /// just received one may not have become active yet, and counts as idle then. Coral Cloud, according to its guide, does not
    /// distinguish an agent that has stopped from one that has not started; there, an agent that is no longer connected has stopped.
    /// Transient errors are tolerated until the timeout.
    ///
    /// # Errors
    ///
    /// Returns an error if the timeout expires, with the agents that are busy, or if the session has ended.
    pub async fn wait_until_idle(&self, timeout: Duration) -> Result<SessionState, WaitError> {
        self.wait(timeout, |state| {
            let is_idle = |agent: &AgentState| {
                let has_exited = agent.has_stopped() || (has_exited(agent) && self.was_connected(agent));
                agent.is_waiting_for_message() || has_exited
            };
            let busy: Vec<_> = state.agents().iter().filter(|agent| !is_idle(agent)).cloned().collect();
            let all_idle = state.detail.is_some() && busy.is_empty() && !state.is_closing();
            if all_idle { WaitProgress::Reached } else { WaitProgress::Missing(busy) }
        })
        .await
    }

    /// Waits until the session has ended. Returns the last state that was polled: a closing one, if the session's settings keep it
    /// long enough; `None` if the session was removed before the first poll. Transient errors are tolerated until the timeout.
    ///
    /// # Errors
    ///
    /// Returns an error if the timeout expires, or if the session has never existed.
    pub async fn wait_until_ended(&self, timeout: Duration) -> Result<Option<SessionState>, WaitError> {
        let mut last = None;
        let ended = self.wait(timeout, |state| {
            last = Some(state.clone());
            if state.is_closing() { WaitProgress::Reached } else { WaitProgress::Missing(state.agents().to_vec()) }
        });
        match ended.await {
            Err(WaitError::Ended { .. }) => Ok(last),
            result => result.map(Some),
        }
    }

    /// Waits until a condition on the state holds, and returns that state. The condition is also applied to the last state, when the
    /// session is closing. Transient errors are tolerated until the timeout.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # async fn example(session: coral_tools::Session) -> Result<(), coral_tools::client::WaitError> {
    /// let has_stopped = |name: &str, state: &coral_tools::state::SessionState| {
    ///     state.agent(name).is_some_and(|agent| agent.has_stopped())
    /// };
    /// session.wait_until(Duration::from_secs(60), |state| has_stopped("writer", state)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the timeout expires, or if the session has ended.
    pub async fn wait_until(
        &self,
        timeout: Duration,
        mut condition: impl FnMut(&SessionState) -> bool,
    ) -> Result<SessionState, WaitError> {
        self.wait(timeout, |state| match condition(state) {
            true => WaitProgress::Reached,
            false => WaitProgress::Missing(Vec::new()),
        })
        .await
    }

    async fn wait(
        &self,
        timeout: Duration,
        mut progress: impl FnMut(&SessionState) -> WaitProgress,
    ) -> Result<SessionState, WaitError> {
        // Only the timeout limits how long an outage is tolerated.
        let mut follower = StateFollower::new(self.clone(), OutageTolerance::new(Duration::MAX).in_session(self.id()));
        let mut missing = Vec::new();
        let session_id = || self.id().to_owned();
        let wait = async {
            while let Some(state) = follower.next().await {
                let state = state?;
                let mut reached = progress(&state);
                if let WaitProgress::Stopped(agents) = &reached {
                    self.record_successful_exits(agents).await;
                    reached = progress(&state);
                }
                match reached {
                    WaitProgress::Reached => return Ok(state),
                    WaitProgress::Stopped(agents) if state.is_closing() => missing = agents,
                    WaitProgress::Stopped(agents) => {
                        return Err(WaitError::Stopped { agents, session_id: session_id() });
                    }
                    WaitProgress::Missing(agents) => missing = agents,
                }
            }
            Err(WaitError::Ended { session_id: session_id() })
        };
        match tokio::time::timeout(timeout, wait).await {
            Ok(result) => result,
            Err(_) => {
                let last_error = follower.into_last_error();
                Err(WaitError::TimedOut { timeout, missing, last_error, session_id: session_id() })
            }
        }
    }
}

/// Whether an agent that was connected before has exited.
fn has_exited(agent: &AgentState) -> bool {
    matches!(agent.status, AgentStatus::Stopped { .. } | AgentStatus::NotConnected)
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut { timeout, missing, last_error, .. } => {
                write!(f, "timed out after {timeout:?}{}", AgentStatusList(missing))?;
                last_error.iter().try_for_each(|error| write!(f, "; last error: {error}"))
            }
            Self::Stopped { agents, .. } => {
                write!(f, "agents stopped before they connected{}", AgentStatusList(agents))
            }
            Self::Ended { .. } => f.write_str("the session ended before it reached the expected state"),
            Self::Client(error) => error.fmt(f),
        }
    }
}

impl Error for WaitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Client(error) => error.source(),
            Self::TimedOut { last_error, .. } => last_error.as_ref().map(|error| error as _),
            Self::Stopped { .. } | Self::Ended { .. } => None,
        }
    }
}

impl From<ClientError> for WaitError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

/// Prints agents with their status: `` : `writer` is not launched, `editor` is busy ``.
struct AgentStatusList<'a>(&'a [AgentState]);

impl fmt::Display for AgentStatusList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, agent) in self.0.iter().enumerate() {
            let separator = if i == 0 { ':' } else { ',' };
            write!(f, "{separator} `{}` {}", agent.name.escape_debug(), describe(&agent.status))?;
        }
        Ok(())
    }
}

fn describe(status: &AgentStatus) -> &'static str {
    match status {
        AgentStatus::NotLaunched => "is not launched",
        AgentStatus::Running { connection: AgentConnection::Connected(activity), .. } => match activity {
            AgentActivity::WaitingForMessage => "waits for a message",
            AgentActivity::Sleeping => "sleeps",
            _ => "is busy",
        },
        AgentStatus::Running { .. } => "is launched but not connected",
        AgentStatus::Stopped { .. } => "has stopped",
        AgentStatus::NotConnected => "is not connected",
        AgentStatus::Other(_) => "has an unknown status",
    }
}
