//! The agent types that a session can be made of.

mod debug;
mod entry;
mod validation;

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

pub(super) use self::debug::{debug_agents, natural_tone_agent};
pub(super) use self::entry::Entry;
use super::decode::{AgentId, Source};
use super::moment::Moment;
use super::plays::Plays;

/// Every agent type, in the order in which it was registered.
pub(super) struct Registry {
    since: Moment,
    entries: Vec<Arc<Entry>>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries.iter().map(|entry| entry.id.to_string())).finish()
    }
}

impl Registry {
    /// Of two entries for one type the first counts.
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let mut registry = Self { since: Moment::now(), entries: Vec::new() };
        for entry in entries {
            if !registry.entries.iter().any(|known| known.id == entry.id) {
                registry.entries.push(Arc::new(entry));
            }
        }
        registry
    }

    /// # Errors
    ///
    /// The server's sentence: there is no such source, or no such agent in it.
    pub(super) fn resolve(&self, id: &AgentId) -> Result<Arc<Entry>, String> {
        let source = &id.source;
        // There are local agents even where there is none.
        if *source != Source::Local && !self.entries.iter().any(|entry| entry.id.source == *source) {
            return Err(format!("No registry sources for '{source}' found"));
        }
        let found = self.entries.iter().find(|entry| entry.id == *id);
        found.cloned().ok_or_else(|| {
            format!("Agent '{}' not found in any of the 1 registry sources matching '{source}'", id.name)
        })
    }

    /// Every source with the names and versions of its agents, the local one last.
    pub(super) fn listing(&self, plays: Plays) -> Value {
        let mut sources: Vec<&Source> = Vec::new();
        for entry in &self.entries {
            if entry.id.source != Source::Local && !sources.contains(&&entry.id.source) {
                sources.push(&entry.id.source);
            }
        }
        sources.push(&Source::Local);
        sources.into_iter().map(|source| self.listed(source, plays)).collect()
    }

    fn listed(&self, source: &Source, plays: Plays) -> Value {
        let mut agents: Vec<(&str, Vec<&str>)> = Vec::new();
        for AgentId { name, version, .. } in
            self.entries.iter().map(|entry| &entry.id).filter(|id| id.source == *source)
        {
            match agents.iter_mut().find(|(known, _)| known == name) {
                Some((_, versions)) => versions.push(version),
                None => agents.push((name, vec![version])),
            }
        }
        let agents: Value =
            agents.into_iter().map(|(name, versions)| json!({"name": name, "versions": versions})).collect();
        let (identifier, timestamp) = (source.to_json(), self.since.written_by(plays));
        if plays == Plays::Cloud {
            return json!({"identifier": identifier, "timestamp": timestamp, "agents": agents});
        }
        let name = if *source == Source::Local { "merged" } else { "default" };
        json!({"identifier": identifier, "timestamp": timestamp, "name": name, "agents": agents})
    }
}
