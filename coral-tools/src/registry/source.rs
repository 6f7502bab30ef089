//! Registries: the one that an application chooses, and the one that a server reports.

use serde::Serialize;
use serde_json::Value;

use crate::build_error::{BuildError, BuildErrors};
use crate::json::{DecodeError, ObjectReader, TaggedUnion};

/// The registry of an agent's type, as a request names it. Servers report a [`ReportedRegistry`].
///
/// ```
/// use coral_tools::Agent;
/// use coral_tools::registry::RegistrySource;
/// use coral_tools::session::AgentProvider;
/// use coral_tools::Runtime;
///
/// // From the marketplace, run by this server.
/// let provider = AgentProvider::Local { runtime: Runtime::Docker };
/// let agent = Agent::new(RegistrySource::Marketplace, "seeker", "2.0.1", provider);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum RegistrySource {
    /// The server's own registry. On Coral Cloud: the agents that it provides.
    Local,
    /// Coral's marketplace.
    Marketplace,
    /// The registry of another server, which this one is linked with.
    Linked {
        /// The name by which this server knows the other one.
        linked_server_id: String,
    },
}

impl From<&RegistrySource> for RegistrySource {
    fn from(source: &RegistrySource) -> Self {
        source.clone()
    }
}

impl TryFrom<&ReportedRegistry> for RegistrySource {
    type Error = BuildErrors;

    fn try_from(reported: &ReportedRegistry) -> Result<Self, BuildErrors> {
        let unknown = |problem| BuildErrors::from(BuildError::new("registry", problem));
        match reported {
            ReportedRegistry::Local => Ok(Self::Local),
            ReportedRegistry::Marketplace => Ok(Self::Marketplace),
            ReportedRegistry::Linked { server: Some(id) } => Ok(Self::Linked { linked_server_id: id.clone() }),
            ReportedRegistry::Linked { server: None } => Err(unknown("the server has not named the linked server")),
            ReportedRegistry::Other(_) => {
                Err(unknown("the server reports a kind of registry that this version does not know"))
            }
        }
    }
}

impl TryFrom<ReportedRegistry> for RegistrySource {
    type Error = BuildErrors;

    fn try_from(reported: ReportedRegistry) -> Result<Self, BuildErrors> {
        Self::try_from(&reported)
    }
}

/// The registry of an agent type, as a server reports it. Requests name a [`RegistrySource`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ReportedRegistry {
    /// The server's own registry.
    Local,
    /// Coral's marketplace.
    Marketplace,
    /// The registry of a linked server.
    Linked {
        /// The name of the linked server, or its id on servers later than 1.2.
        server: Option<String>,
    },
    /// An unknown value, unchanged.
    Other(Value),
}

impl ReportedRegistry {
    pub(super) fn from_id(id: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        if let Some(source) = id.tagged("registrySourceId")? {
            return Ok(Some(source));
        }
        let Some(source) = id.take("source") else { return Ok(None) };
        let known = match source.as_str() {
            Some(tag) => Self::from_tag(tag, &mut ObjectReader::default())?,
            None => None,
        };
        Ok(Some(known.unwrap_or(Self::Other(source))))
    }
}

impl TaggedUnion for ReportedRegistry {
    fn from_tag(tag: &str, fields: &mut ObjectReader) -> Result<Option<Self>, DecodeError> {
        Ok(Some(match tag {
            "local" => Self::Local,
            "marketplace" => Self::Marketplace,
            "linked" => Self::Linked { server: linked_server(fields)? },
            _ => return Ok(None),
        }))
    }

    fn unknown(raw: Value) -> Self {
        Self::Other(raw)
    }
}

/// Reads the linked server: its name up to coral-server 1.2, its id later.
pub(crate) fn linked_server(fields: &mut ObjectReader) -> Result<Option<String>, DecodeError> {
    let server = fields.first_present("linkedServerName", "linkedServerId");
    fields.optional(server)
}
