//! One agent type of a registry.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::agent_id::RegistryAgentId;
use super::option::OptionSpec;
use super::restriction::PlacementRestriction;
use crate::json::{DecodeError, FromJson, ObjectReader, deserialize};

/// An agent type as a registry describes it: its options, its runtimes, and where it may run.
///
/// [`SessionRequest::check_with`](crate::SessionRequest::check_with) checks an [`Agent`](crate::Agent) against it, and
/// so does every check of the request once it is attached to the agent with [`inspected`](crate::Agent::inspected).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistryAgent {
    /// Its name, version and registry.
    pub id: RegistryAgentId,
    /// The description that other agents see.
    pub description: Option<String>,
    /// The Coral features that it supports, such as `resources` or `tool_refreshing`.
    pub capabilities: Vec<String>,
    /// Its runtimes, by name (such as `docker`), with their settings unchanged.
    pub runtimes: BTreeMap<String, Value>,
    /// Its options, by name.
    pub options: BTreeMap<String, OptionSpec>,
    /// The restrictions on where it may run, all of which apply.
    pub restrictions: Vec<PlacementRestriction>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl RegistryAgent {
    /// The names of its model proxies, such as `MAIN`. Since coral-server 1.2.
    pub fn proxies(&self) -> impl Iterator<Item = &str> {
        let proxies = self.extra.get("registryAgent").and_then(|agent| agent.pointer("/llm/proxies")?.as_array());
        proxies.into_iter().flatten().filter_map(|proxy| proxy.get("name")?.as_str())
    }
}

impl FromJson for RegistryAgent {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut document = ObjectReader::new(value)?;
        let agent = document.nested("registryAgent", |agent| {
            let info = agent.nested("info", InfoObject::from_fields)?.ok_or_else(|| missing("info"))?;
            Ok(Self {
                id: info.id,
                description: info.description,
                capabilities: info.capabilities,
                runtimes: runtimes(agent)?,
                options: agent.or_default("options")?,
                restrictions: Vec::new(),
                extra: Map::new(),
            })
        })?;
        let mut agent = agent.ok_or_else(|| missing("registryAgent"))?;
        agent.restrictions = document.or_default("restrictions")?;
        agent.extra = document.into_remaining();
        Ok(agent)
    }
}

deserialize!(RegistryAgent);

/// The object `info` of a registry agent.
struct InfoObject {
    id: RegistryAgentId,
    description: Option<String>,
    capabilities: Vec<String>,
}

impl InfoObject {
    fn from_fields(info: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(Self {
            id: RegistryAgentId::read_field(info, "identifier")?.ok_or_else(|| missing("identifier"))?,
            description: info.optional("description")?,
            capabilities: info.or_default("capabilities")?,
        })
    }
}

/// A runtime whose settings are `null` is absent.
fn runtimes(agent: &mut ObjectReader) -> Result<BTreeMap<String, Value>, DecodeError> {
    let Some(value) = agent.take("runtimes") else { return Ok(BTreeMap::new()) };
    let runtimes = ObjectReader::new(value).map_err(|error| error.in_field("runtimes"))?;
    Ok(runtimes.into_remaining().into_iter().filter(|(_, settings)| !settings.is_null()).collect())
}

fn missing(key: &str) -> DecodeError {
    DecodeError::new("required field is missing").in_field(key)
}
