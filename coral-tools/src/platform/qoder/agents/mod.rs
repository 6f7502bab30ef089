//! Agents, and the requests for them.

mod agent;
mod agent_change;
mod agent_ref;
mod new_agent;

use http::StatusCode;
use serde_json::json;

pub use self::agent::Agent;
pub use self::agent_change::AgentChange;
pub use self::agent_ref::AgentRef;
pub use self::new_agent::NewAgent;
use crate::api::{ClientError, RequestPath};
use crate::platform::qoder::client::Qoder;

impl Qoder {
    /// Creates an agent.
    ///
    /// # Errors
    ///
    /// Returns an error if `agent` has problems, all of which are reported before it is sent, or if Qoder rejects it.
    pub async fn create_agent(&self, agent: &NewAgent) -> Result<Agent, ClientError> {
        self.post_json("creating an agent", RequestPath::new("agents"), agent.to_json()).await
    }

    /// Reads the current version of an agent.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the agent does not exist
    /// ([`ClientError::is_not_found`]).
    pub async fn agent(&self, id: &str) -> Result<Agent, ClientError> {
        self.get_json("reading an agent", agent_path(id)).await
    }

    /// Reads a version of an agent.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the agent or the version does not exist.
    pub async fn agent_version(&self, id: &str, version: u64) -> Result<Agent, ClientError> {
        self.get_json("reading an agent", agent_path(id).query("version", Some(&version.to_string()))).await
    }

    /// Lists the agents that are not archived.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails.
    pub async fn agents(&self) -> Result<Vec<Agent>, ClientError> {
        self.list("listing agents", RequestPath::new("agents")).await
    }

    /// Changes an agent. Fields that the change does not mention stay as they are. If the agent is changed concurrently (409), it
    /// is read and changed once more.
    ///
    /// # Errors
    ///
    /// Returns an error if `change` has problems or the request fails, for example because the agent does not exist, or because
    /// it was changed concurrently a second time (409).
    pub async fn update_agent(&self, id: &str, change: &AgentChange) -> Result<Agent, ClientError> {
        match self.try_update_agent(id, change).await {
            Err(error) if error.status() == Some(StatusCode::CONFLICT) => self.try_update_agent(id, change).await,
            result => result,
        }
    }

    async fn try_update_agent(&self, id: &str, change: &AgentChange) -> Result<Agent, ClientError> {
        let agent = self.agent(id).await?;
        self.post_json("updating an agent", agent_path(id), change.to_json(&agent)).await
    }

    /// Archives an agent. Its sessions continue.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, for example because the agent does not exist.
    pub async fn archive_agent(&self, id: &str) -> Result<Agent, ClientError> {
        self.post_json("archiving an agent", agent_path(id).join("archive"), Ok(json!({}))).await
    }
}

fn agent_path(id: &str) -> RequestPath {
    RequestPath::new("agents").segment("agent", id)
}
