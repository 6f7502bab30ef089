//! The contents of a registry.

use serde_json::{Map, Value};

use super::{RegistrySource, ReportedRegistry};
use crate::build_error::{BuildError, BuildErrors};
use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp, deserialize};

/// A registry with the names and versions of its agent types. Servers return a list of them:
///
/// ```
/// use coral_tools::from_json;
/// use coral_tools::registry::RegistryContents;
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
    /// When the server read the registry.
    pub timestamp: Option<Timestamp>,
    /// The server's own name for the registry, such as `merged`.
    pub name: Option<String>,
    /// Its agent types.
    pub agents: Vec<AgentVersions>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl TryFrom<&RegistryContents> for RegistrySource {
    type Error = BuildErrors;

    fn try_from(contents: &RegistryContents) -> Result<Self, BuildErrors> {
        let missing = || BuildErrors::from(BuildError::new("registry", "the server has not named it"));
        contents.source.as_ref().ok_or_else(missing)?.try_into()
    }
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

/// An agent type with all its versions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AgentVersions {
    /// Its name in the registry.
    pub name: String,
    /// Its versions, in the server's order.
    pub versions: Vec<String>,
    /// Fields that this version does not know, unchanged.
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
