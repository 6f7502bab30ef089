//! The registry of agent types.

mod option_validator;
mod registered_agent;

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

pub(super) use self::registered_agent::RegisteredAgent;
use super::decode::{AgentId, RegistrySource};
use super::emulated_version::EmulatedVersion;
use super::timestamp::Timestamp;

/// All agent types, in the order of registration.
pub(super) struct Registry {
    created: Timestamp,
    agents: Vec<Arc<RegisteredAgent>>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.agents.iter().map(|agent| agent.id.to_string())).finish()
    }
}

impl Registry {
    /// Of two types with the same identifier, the first one is used.
    pub(super) fn new(agents: Vec<RegisteredAgent>) -> Self {
        let mut registry = Self { created: Timestamp::now(), agents: Vec::new() };
        for agent in agents {
            if !registry.agents.iter().any(|known| known.id == agent.id) {
                registry.agents.push(Arc::new(agent));
            }
        }
        registry
    }

    /// Finds an agent type.
    ///
    /// # Errors
    ///
    /// Returns the message of the server if the source or the agent does not exist.
    pub(super) fn resolve(&self, id: &AgentId) -> Result<Arc<RegisteredAgent>, String> {
        let source = &id.source;
        // The local source always exists.
        if *source != RegistrySource::Local && !self.agents.iter().any(|agent| agent.id.source == *source) {
            return Err(format!("No registry sources for '{source}' found"));
        }
        let found = self.agents.iter().find(|agent| agent.id == *id);
        found.cloned().ok_or_else(|| {
            format!("Agent '{}' not found in any of the 1 registry sources matching '{source}'", id.name)
        })
    }

    /// All sources with the names and versions of their agents, the local source last.
    pub(super) fn sources_json(&self, emulated: EmulatedVersion) -> Value {
        let mut sources: Vec<&RegistrySource> = Vec::new();
        for agent in &self.agents {
            if agent.id.source != RegistrySource::Local && !sources.contains(&&agent.id.source) {
                sources.push(&agent.id.source);
            }
        }
        sources.push(&RegistrySource::Local);
        sources.into_iter().map(|source| self.source_json(source, emulated)).collect()
    }

    fn source_json(&self, source: &RegistrySource, emulated: EmulatedVersion) -> Value {
        let mut agents: Vec<(&str, Vec<&str>)> = Vec::new();
        for AgentId { name, version, .. } in self.agents.iter().map(|agent| &agent.id).filter(|id| id.source == *source)
        {
            match agents.iter_mut().find(|(known, _)| known == name) {
                Some((_, versions)) => versions.push(version),
                None => agents.push((name, vec![version])),
            }
        }
        let agents: Value =
            agents.into_iter().map(|(name, versions)| json!({"name": name, "versions": versions})).collect();
        let (identifier, timestamp) = (source.to_json(), self.created.to_json(emulated));
        if emulated == EmulatedVersion::Cloud {
            return json!({"identifier": identifier, "timestamp": timestamp, "agents": agents});
        }
        let name = if *source == RegistrySource::Local { "merged" } else { "default" };
        json!({"identifier": identifier, "timestamp": timestamp, "name": name, "agents": agents})
    }
}
