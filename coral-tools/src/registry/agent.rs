//! One agent type of a registry.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::agent_id::RegistryAgentId;
use super::option::OptionSpec;
use super::restriction::PlacementRestriction;
use crate::json::{DecodeError, FromJson, ObjectReader, deserialize};

/// An agent's type as a registry has it: what it can be told, and where it may run.
///
/// An [`Agent`](crate::Agent) is checked against it by
/// [`SessionRequest::check_with`](crate::SessionRequest::check_with), or wherever its request is checked once it is
/// [`inspected`](crate::Agent::inspected).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RegistryAgent {
    /// Its exact name and version, and the registry.
    pub id: RegistryAgentId,
    /// What other agents are told of it.
    pub description: Option<String>,
    /// What it can do with Coral, such as `resources` or `tool_refreshing`.
    pub capabilities: Vec<String>,
    /// What can run its program, by name (`docker`), with the settings as they came.
    pub runtimes: BTreeMap<String, Value>,
    /// The options that it takes, by name.
    pub options: BTreeMap<String, OptionSpec>,
    /// Where it may run: all of them hold.
    pub restrictions: Vec<PlacementRestriction>,
    /// Every key that this version does not know, as it came.
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
        let entry = document.nested("registryAgent", |agent| {
            let about = agent.nested("info", AgentInfo::read)?.ok_or_else(|| missing("info"))?;
            Ok(Self {
                id: about.id,
                description: about.description,
                capabilities: about.capabilities,
                runtimes: runtimes(agent)?,
                options: agent.or_default("options")?,
                restrictions: Vec::new(),
                extra: Map::new(),
            })
        })?;
        let mut entry = entry.ok_or_else(|| missing("registryAgent"))?;
        entry.restrictions = document.or_default("restrictions")?;
        entry.extra = document.into_remaining();
        Ok(entry)
    }
}

deserialize!(RegistryAgent);

struct AgentInfo {
    id: RegistryAgentId,
    description: Option<String>,
    capabilities: Vec<String>,
}

impl AgentInfo {
    fn read(info: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(Self {
            id: RegistryAgentId::of(info, "identifier")?.ok_or_else(|| missing("identifier"))?,
            description: info.optional("description")?,
            capabilities: info.or_default("capabilities")?,
        })
    }
}

/// A runtime that is `null` is none.
fn runtimes(agent: &mut ObjectReader) -> Result<BTreeMap<String, Value>, DecodeError> {
    let Some(value) = agent.take("runtimes") else { return Ok(BTreeMap::new()) };
    let runtimes = ObjectReader::new(value).map_err(|error| error.in_field("runtimes"))?;
    Ok(runtimes.into_remaining().into_iter().filter(|(_, settings)| !settings.is_null()).collect())
}

fn missing(key: &str) -> DecodeError {
    DecodeError::new("required field is missing").in_field(key)
}
