//! Identifiers of agents in a registry.

use super::source::{RegistrySource, ReportedRegistry};
use crate::json::{DecodeError, ObjectReader};

/// The name of an agent in a registry. Keys that this version does not know stay in the `extra` of what holds it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistryAgentId {
    /// The agent's name in the registry; not its name in a session.
    pub name: String,
    /// Its version, such as `1.1.0`.
    pub version: String,
    /// The registry. coral-server 1.0 does not say.
    pub source: Option<ReportedRegistry>,
}

impl RegistryAgentId {
    /// Reads the id at `key`, whose source is `registrySourceId` on servers and `source` in the guide.
    pub(crate) fn of(holder: &mut ObjectReader, key: &str) -> Result<Option<Self>, DecodeError> {
        holder.nested(key, |id| {
            Ok(Self {
                name: id.required("name")?,
                version: id.or_default("version")?,
                source: ReportedRegistry::of(id)?,
            })
        })
    }
}

/// An agent's type: its exact name and version in a registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AgentTypeId {
    pub(crate) source: RegistrySource,
    pub(crate) name: String,
    pub(crate) version: String,
}
