//! Identifiers of agents in a registry.

use super::source::{RegistrySource, ReportedRegistry};
use crate::json::{DecodeError, ObjectReader};

/// The id of an agent type, as a server reports it. Unknown fields stay in the `extra` of the enclosing object.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistryAgentId {
    /// Its name in the registry; not the name of an agent in a session.
    pub name: String,
    /// Its version, such as `1.1.0`.
    pub version: String,
    /// Its registry. coral-server 1.0 omits it.
    pub source: Option<ReportedRegistry>,
}

impl RegistryAgentId {
    /// Reads the id at `key`, whose source is `registrySourceId` on servers and `source` in the guide.
    pub(crate) fn read_field(holder: &mut ObjectReader, key: &str) -> Result<Option<Self>, DecodeError> {
        holder.nested(key, |id| {
            Ok(Self {
                name: id.required("name")?,
                version: id.or_default("version")?,
                source: ReportedRegistry::from_id(id)?,
            })
        })
    }
}

/// The type of an agent in a request: an exact name and version in a registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AgentTypeId {
    pub(crate) source: RegistrySource,
    pub(crate) name: String,
    pub(crate) version: String,
}
