//! Which agents there are.

use serde_json::{Map, Value};

use super::ReportedRegistry;
use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp, deserialize};

/// A registry and the agents in it. A server answers with a list of them:
///
/// ```
/// use coral_tools::registry::RegistryContents;
/// use coral_tools::from_json;
///
/// let registries: Vec<RegistryContents> = from_json(br#"[{
///     "identifier": {"type": "local"},
///     "timestamp": 1767109139139,
///     "agents": [{"name": "natural-tone-agent", "versions": ["1.1.0"]}]
/// }]"#)?;
/// assert_eq!(registries[0].agents[0].name, "natural-tone-agent");
/// # Ok::<(), coral_tools::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistryContents {
    /// The registry.
    pub source: Option<ReportedRegistry>,
    /// When the server looked.
    pub timestamp: Option<Timestamp>,
    /// The server's own name for the registry, such as `merged`.
    pub name: Option<String>,
    /// The agents in it.
    pub agents: Vec<AgentVersions>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl FromJson for RegistryContents {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut listing = ObjectReader::new(value)?;
        Ok(Self {
            source: listing.tagged("identifier")?,
            timestamp: listing.optional("timestamp")?,
            name: listing.optional("name")?,
            agents: listing.or_default("agents")?,
            extra: listing.into_remaining(),
        })
    }
}

deserialize!(RegistryContents);

/// An agent's type in every version of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AgentVersions {
    /// Its name in the registry.
    pub name: String,
    /// Its versions, in the order in which the server has them.
    pub versions: Vec<String>,
    /// Every key that this version does not know, as it came.
    pub extra: Map<String, Value>,
}

impl FromJson for AgentVersions {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut agent = ObjectReader::new(value)?;
        Ok(Self {
            name: agent.required("name")?,
            versions: agent.or_default("versions")?,
            extra: agent.into_remaining(),
        })
    }
}
