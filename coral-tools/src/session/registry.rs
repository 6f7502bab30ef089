//! Which registry an agent's type is found in.

use serde::Serialize;
use serde_json::{Value, json};

use super::dialect::Dialect;

/// The registry that an agent's type is found in.
///
/// ```
/// use coral_tools::Agent;
/// use coral_tools::session::{Provider, RegistrySource, Runtime};
///
/// // Listed in the marketplace, run by this server.
/// let agent = Agent::new(RegistrySource::Marketplace, "seeker", "2.0.1", Provider::Local { runtime: Runtime::Docker });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum RegistrySource {
    /// The server's own. On Coral Cloud: the agents that it provides.
    Local,
    /// Coral's marketplace.
    Marketplace,
    /// That of another server, which this one is linked with.
    Linked {
        /// The other server, by the name that this one knows it by.
        linked_server_id: String,
    },
}

/// An agent's type: its exact name and version in a registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AgentId {
    pub(crate) source: RegistrySource,
    pub(crate) name: String,
    pub(crate) version: String,
}

impl AgentId {
    pub(super) fn to_json(&self, dialect: Dialect) -> Value {
        let Self { source, name, version } = self;
        match (dialect, source) {
            (Dialect::Cloud, RegistrySource::Local) => json!({"name": name, "version": version, "source": "local"}),
            (Dialect::Cloud, RegistrySource::Marketplace) => {
                json!({"name": name, "version": version, "source": "marketplace"})
            }
            // The guide has no word for a linked one; the reference of "Create session" does.
            _ => json!({"name": name, "version": version, "registrySourceId": source}),
        }
    }
}
