//! Waiting until a session has come so far.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio::time::timeout;

use super::super::session::Session;
use super::states::StateFollower;
use crate::api::{ClientError, OutageTolerance};
use crate::state::{AgentActivity, AgentConnection, AgentState, AgentStatus, SessionState};

/// Why waiting came to nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitError {
    /// The time is over.
    TimedOut {
        /// How long it was.
        within: Duration,
        /// The agents that were still waited for, as they were seen last.
        missing: Vec<AgentState>,
        /// What was the matter with the server, if the last look at the session failed.
        trouble: Option<ClientError>,
    },
    /// Agents have stopped that were to connect; they will not any more.
    Stopped(Vec<AgentState>),
    /// The session has ended before.
    Ended,
    /// The session cannot be looked at.
    Client(ClientError),
}

/// How far a session is.
enum WaitProgress {
    There,
    Missing(Vec<AgentState>),
    Never(Vec<AgentState>),
}

impl Session {
    /// Waits until every agent is connected, for `within` at most. An agent that does its work and stops between two looks has
    /// stopped.
    ///
    /// # Errors
    ///
    /// Where the time is over, with the agents that are missing; where one of them has stopped, or the session has ended.
    /// Trouble with the server that may pass is waited out.
    pub async fn wait_until_connected(&self, within: Duration) -> Result<SessionState, WaitError> {
        self.wait(within, |state| {
            let missing: Vec<_> = state.unconnected_agents().cloned().collect();
            let stopped = |agent: &AgentState| matches!(agent.status, AgentStatus::Stopped { .. });
            if state.is_closing() {
                WaitProgress::Missing(missing)
            } else if state.all_agents_connected() {
                WaitProgress::There
            } else if missing.iter().any(stopped) {
                WaitProgress::Never(missing.into_iter().filter(stopped).collect())
            } else {
                WaitProgress::Missing(missing)
            }
        })
        .await
    }

    /// Waits until every agent waits for a message, so that nothing happens by itself any more, for `within` at most. Agents
    /// that have stopped are not waited for. One that was just written to may not have woken yet, and count as idle.
    ///
    /// # Errors
    ///
    /// Where the time is over, with the agents that are still busy, or the session has ended.
    pub async fn wait_until_idle(&self, within: Duration) -> Result<SessionState, WaitError> {
        self.wait(within, |state| {
            let idle = |agent: &AgentState| {
                agent.is_waiting_for_message() || matches!(agent.status, AgentStatus::Stopped { .. })
            };
            let busy: Vec<_> = state.agents().iter().filter(|agent| !idle(agent)).cloned().collect();
            let is_idle = state.detail.is_some() && busy.is_empty() && !state.is_closing();
            if is_idle { WaitProgress::There } else { WaitProgress::Missing(busy) }
        })
        .await
    }

    /// Waits until the session has ended, for `within` at most. Returns its state as it was seen last, which is a closing one
    /// where the session's settings keep it long enough to be seen; none where it was gone already.
    ///
    /// # Errors
    ///
    /// Where the time is over, or the session was not there in the first place.
    pub async fn wait_until_ended(&self, within: Duration) -> Result<Option<SessionState>, WaitError> {
        let mut last = None;
        let ended = self.wait(within, |state| {
            last = Some(state.clone());
            if state.is_closing() { WaitProgress::There } else { WaitProgress::Missing(state.agents().to_vec()) }
        });
        match ended.await {
            Err(WaitError::Ended) => Ok(last),
            waited => waited.map(Some),
        }
    }

    async fn wait(
        &self,
        within: Duration,
        mut progress: impl FnMut(&SessionState) -> WaitProgress,
    ) -> Result<SessionState, WaitError> {
        // However long there is trouble: the time is the limit.
        let mut following = StateFollower::new(self.clone(), OutageTolerance::new(Duration::MAX));
        let mut missing = Vec::new();
        let waiting = async {
            while let Some(state) = following.next().await {
                let state = state?;
                match progress(&state) {
                    WaitProgress::There => return Ok(state),
                    WaitProgress::Never(agents) => return Err(WaitError::Stopped(agents)),
                    WaitProgress::Missing(agents) => missing = agents,
                }
            }
            Err(WaitError::Ended)
        };
        match timeout(within, waiting).await {
            Ok(waited) => waited,
            Err(_) => Err(WaitError::TimedOut { within, missing, trouble: following.trouble() }),
        }
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut { within, missing, trouble } => {
                write!(f, "not within {within:?}{}", AgentList(missing))?;
                trouble.iter().try_for_each(|error| write!(f, "; {error}"))
            }
            Self::Stopped(agents) => write!(f, "it will not happen{}", AgentList(agents)),
            Self::Ended => f.write_str("the session has ended before"),
            Self::Client(error) => error.fmt(f),
        }
    }
}

impl Error for WaitError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Client(error) => error.source(),
            Self::TimedOut { trouble, .. } => trouble.as_ref().map(|error| error as _),
            Self::Stopped(_) | Self::Ended => None,
        }
    }
}

impl From<ClientError> for WaitError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

/// `: \`writer\` is not launched yet, …`
struct AgentList<'a>(&'a [AgentState]);

impl fmt::Display for AgentList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, agent) in self.0.iter().enumerate() {
            let mark = if i == 0 { ':' } else { ',' };
            write!(f, "{mark} `{}` {}", agent.name.escape_debug(), operation(&agent.status))?;
        }
        Ok(())
    }
}

fn operation(status: &AgentStatus) -> &'static str {
    match status {
        AgentStatus::NotLaunched => "is not launched yet",
        AgentStatus::Running { connection: AgentConnection::Connected(activity), .. } => match activity {
            AgentActivity::WaitingForMessage => "waits for a message",
            AgentActivity::Sleeping => "sleeps",
            _ => "is busy",
        },
        AgentStatus::Running { .. } => "is launched, and not connected yet",
        AgentStatus::Stopped { .. } => "has stopped",
        AgentStatus::NotConnected => "is not connected",
        AgentStatus::Other(_) => "does something unknown",
    }
}
