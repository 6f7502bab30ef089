//! Agents: made, changed, found.

mod agent;
mod agent_change;
mod agent_ref;
mod new_agent;

use serde_json::json;

pub use self::agent::Agent;
pub use self::agent_change::AgentChange;
pub use self::agent_ref::AgentRef;
pub use self::new_agent::NewAgent;
use crate::api::{ClientError, RequestPath};
use crate::platform::qoder::client::Qoder;

const CHANGING: &str = "changing an agent";

impl Qoder {
    /// Makes an agent.
    ///
    /// # Errors
    ///
    /// Where it is wrong, or Qoder refuses it.
    pub async fn create_agent(&self, agent: &NewAgent) -> Result<Agent, ClientError> {
        const DOING: &str = "making an agent";
        let body = agent.to_json().map_err(|errors| ClientError::request(DOING, errors))?;
        self.make(DOING, RequestPath::new("agents"), &body).await
    }

    /// The agent of this id as it is now.
    ///
    /// # Errors
    ///
    /// Where there is none: [`ClientError::is_not_found`].
    pub async fn agent(&self, id: &str) -> Result<Agent, ClientError> {
        self.retrieve("reading an agent", agent_path(id)).await
    }

    /// The agent of this id as it was in a version.
    ///
    /// # Errors
    ///
    /// Where there is no such agent or version.
    pub async fn agent_version(&self, id: &str, version: u64) -> Result<Agent, ClientError> {
        self.retrieve("reading an agent", agent_path(id).query("version", Some(&version.to_string()))).await
    }

    /// Every agent that is not archived.
    ///
    /// # Errors
    ///
    /// Where Qoder does not give the list.
    pub async fn agents(&self) -> Result<Vec<Agent>, ClientError> {
        self.list("listing agents", RequestPath::new("agents")).await
    }

    /// Changes an agent, keeping what the change does not speak of. If somebody else changes it meanwhile, this is done once
    /// more, to what they have made of it.
    ///
    /// # Errors
    ///
    /// Where there is no such agent, the change is wrong, or somebody changed it twice (409).
    pub async fn update_agent(&self, id: &str, change: &AgentChange) -> Result<Agent, ClientError> {
        match self.change_agent(id, change).await {
            Err(error) if error.status() == Some(409) => self.change_agent(id, change).await,
            done => done,
        }
    }

    async fn change_agent(&self, id: &str, change: &AgentChange) -> Result<Agent, ClientError> {
        let agent = self.agent(id).await?;
        let body = change.to(&agent).map_err(|errors| ClientError::request(CHANGING, errors))?;
        self.make(CHANGING, agent_path(id), &body).await
    }

    /// Puts an agent away; sessions that there are go on.
    ///
    /// # Errors
    ///
    /// Where there is no such agent.
    pub async fn archive_agent(&self, id: &str) -> Result<Agent, ClientError> {
        self.make("archiving an agent", agent_path(id).then("archive"), &json!({})).await
    }
}

fn agent_path(id: &str) -> RequestPath {
    RequestPath::new("agents").named("agent", id)
}
