//! Which agents there are, and whether a request suits them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::coral::Coral;
use crate::api::{ClientError, HttpRequest, RequestPath};
use crate::build_error::{BuildError, BuildErrors};
use crate::registry::{AgentTypeId, RegistryAgent, RegistryContents, RegistrySource};
use crate::session::agent::Agent;
use crate::session::request::SessionRequest;

const CHECKING: &str = "checking a request";
/// How many agents are inspected at a time.
const AT_ONCE: usize = 4;

impl Coral {
    /// Every registry that the server knows, with the agents in it.
    ///
    /// # Errors
    ///
    /// Where the server does not answer, or not with such a list.
    pub async fn registry(&self) -> Result<Vec<RegistryContents>, ClientError> {
        let call = HttpRequest::get("listing the registry", RequestPath::new("api/v1/registry"));
        self.transport().send(&call).await?.read()
    }

    /// What the registry says of one version of an agent: its options, what runs it, where it may run.
    ///
    /// # Errors
    ///
    /// Where there is no such agent (404), or the server does not answer with an entry.
    pub async fn inspect(
        &self,
        source: &RegistrySource,
        name: &str,
        version: &str,
    ) -> Result<RegistryAgent, ClientError> {
        let path = match source {
            RegistrySource::Local => RequestPath::new("api/v1/registry/local"),
            RegistrySource::Marketplace => RequestPath::new("api/v1/registry/marketplace"),
            RegistrySource::Linked { linked_server_id } => {
                RequestPath::new("api/v1/registry/linked").segment("linked server", linked_server_id)
            }
        };
        let path = path.segment("agent", name).segment("version", version);
        self.transport().send(&HttpRequest::get("inspecting an agent", path)).await?.read()
    }

    /// Checks a request against the server's registry before it is sent: whether its agents are there, and take the options
    /// and the runtime that they are given. The server itself tells of the first mistake alone, and of a wrong runtime not
    /// even that.
    ///
    /// ```no_run
    /// # async fn example(coral: coral_tools::Coral, request: coral_tools::SessionRequest) -> Result<(), coral_tools::ClientError> {
    /// coral.check(&request).await?;
    /// let session = coral.create_session(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the request, as [`ClientError::build_errors`]; or where the server does not answer.
    pub async fn check(&self, request: &SessionRequest) -> Result<(), ClientError> {
        let types: BTreeSet<&AgentTypeId> = request.agents.iter().map(|agent| &agent.id).collect();
        let entries =
            stream::iter(types).map(async |id: &AgentTypeId| self.entry(id).await.map(|entry| (id.clone(), entry)));
        let entries: BTreeMap<AgentTypeId, Option<RegistryAgent>> = entries.buffered(AT_ONCE).try_collect().await?;
        let missing = request.agents.iter().filter(|agent| entries.get(&agent.id).is_some_and(Option::is_none));
        let wrong = request.check_with(entries.values().flatten()).err().unwrap_or_default();
        let errors: Vec<_> = missing.map(no_such).chain(wrong.iter().cloned()).collect();
        if errors.is_empty() { Ok(()) } else { Err(ClientError::invalid_request(CHECKING, BuildErrors::new(errors))) }
    }

    /// The entry of an agent's type, if there is one.
    async fn entry(
        &self,
        AgentTypeId { source, name, version }: &AgentTypeId,
    ) -> Result<Option<RegistryAgent>, ClientError> {
        match self.inspect(source, name, version).await {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if self.is_absent(&error).await => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn no_such(agent: &Agent) -> BuildError {
    let AgentTypeId { source, name, version } = &agent.id;
    let registry = match source {
        RegistrySource::Local => "the server's own registry".to_owned(),
        RegistrySource::Marketplace => "the marketplace".to_owned(),
        RegistrySource::Linked { linked_server_id } => format!("linked server `{}`", linked_server_id.escape_debug()),
    };
    let message = format!(
        "there is no `{}` {} in {registry}; `Coral::registry` lists what there is",
        name.escape_debug(),
        version.escape_debug()
    );
    BuildError::new(format!("agent `{}`", agent.name.escape_debug()), message)
}
