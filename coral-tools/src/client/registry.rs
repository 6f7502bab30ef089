//! The server's registries, and checking requests against them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::coral::Coral;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::build_error::{BuildError, BuildErrors};
use crate::registry::{AgentTypeId, RegistryAgent, RegistryContents, RegistrySource};
use crate::session::agent::Agent;
use crate::session::request::SessionRequest;

const INSPECTING: &str = "inspecting an agent";
const CHECKING: &str = "checking a request";
/// Registry agents that are read concurrently.
const CONCURRENCY: usize = 4;

impl Coral {
    /// Lists all registries of the server, with their agents.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn registry(&self) -> Result<Vec<RegistryContents>, ClientError> {
        let request = HttpRequest::get("listing the registry", RequestPath::new("api/v1/registry"));
        self.transport().send(&request).await?.read()
    }

    /// Reads one version of a registry agent: its options, runtimes and restrictions. `source` is a [`RegistrySource`], or an item of
    /// [`Coral::registry`]:
    ///
    /// ```no_run
    /// # async fn example(coral: coral_tools::Coral) -> Result<(), coral_tools::ClientError> {
    /// for registry in coral.registry().await? {
    ///     for agent in &registry.agents {
    ///         for version in &agent.versions {
    ///             println!("{:?}", coral.inspect(&registry, &agent.name, version).await?.options);
    ///         }
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the agent does not exist (404), if the server has not named the registry in its list, or if the request
    /// fails.
    pub async fn inspect<R>(&self, source: R, name: &str, version: &str) -> Result<RegistryAgent, ClientError>
    where
        R: TryInto<RegistrySource>,
        R::Error: Into<BuildErrors>,
    {
        let source = source.try_into().map_err(|errors| ClientError::invalid_request(INSPECTING, errors))?;
        let path = match source {
            RegistrySource::Local => RequestPath::new("api/v1/registry/local"),
            RegistrySource::Marketplace => RequestPath::new("api/v1/registry/marketplace"),
            RegistrySource::Linked { linked_server_id } => {
                RequestPath::new("api/v1/registry/linked").segment("linked server", &linked_server_id)
            }
        };
        let path = path.segment("agent", name).segment("version", version);
        self.transport().send(&HttpRequest::get(INSPECTING, path)).await?.read()
    }

    /// Checks a request against the server's registry: whether its agents exist, and accept their options and runtimes. The server
    /// itself reports only the first problem when it creates the session, and does not report an unsupported runtime.
    ///
    /// ```no_run
    /// # async fn example(coral: coral_tools::Coral, request: coral_tools::SessionRequest) -> Result<(), coral_tools::ClientError> {
    /// coral.check(&request).await?;
    /// let session = coral.create_session(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Warnings about URLs that the server probably cannot reach are logged, and returned by [`Coral::warnings`].
    ///
    /// # Errors
    ///
    /// Returns an error with every problem of the request, as [`ClientError::build_errors`]. Returns an error if a request to the
    /// registry fails.
    pub async fn check(&self, request: &SessionRequest) -> Result<(), ClientError> {
        self.log_unreachable_urls(request);
        let types: BTreeSet<&AgentTypeId> = request.agents.iter().map(|agent| &agent.id).collect();
        let registry_agents = stream::iter(types)
            .map(async |id: &AgentTypeId| self.registry_agent(id).await.map(|found| (id.clone(), found)))
            .buffered(CONCURRENCY);
        let registry_agents: BTreeMap<AgentTypeId, Option<RegistryAgent>> = registry_agents.try_collect().await?;
        let is_missing = |agent: &&Agent| registry_agents.get(&agent.id).is_some_and(Option::is_none);
        let missing = request.agents.iter().filter(is_missing).map(missing_agent);
        let invalid = request.check_with(registry_agents.values().flatten()).err().unwrap_or_default();
        let errors: Vec<_> = missing.chain(invalid.iter().cloned()).collect();
        if errors.is_empty() { Ok(()) } else { Err(ClientError::invalid_request(CHECKING, BuildErrors::new(errors))) }
    }

    /// Reads a registry agent. Returns `None` if it does not exist.
    async fn registry_agent(
        &self,
        AgentTypeId { source, name, version }: &AgentTypeId,
    ) -> Result<Option<RegistryAgent>, ClientError> {
        match self.inspect(source, name, version).await {
            Ok(agent) => Ok(Some(agent)),
            Err(error) if self.is_absent(&error).await => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn missing_agent(agent: &Agent) -> BuildError {
    let AgentTypeId { source, name, version } = &agent.id;
    let registry = match source {
        RegistrySource::Local => "the server's own registry".to_owned(),
        RegistrySource::Marketplace => "the marketplace".to_owned(),
        RegistrySource::Linked { linked_server_id } => format!("linked server `{}`", linked_server_id.escape_debug()),
    };
    let message = format!(
        "`{}` {} does not exist in {registry}; `Coral::registry` lists all agents",
        name.escape_debug(),
        version.escape_debug()
    );
    BuildError::new(format!("agent `{}`", agent.name.escape_debug()), message)
}
