//! What `#[agent_options]` writes against.

use std::sync::{Arc, OnceLock};

use super::agent::{Agent, LoadedRegistryAgent};
use super::option::OptionValue;
use super::provider::Provider;
use crate::json::{DecodeError, from_json};
use crate::registry::{RegistryAgent, RegistrySource};

/// An entry in the program itself, read when it is first needed.
#[derive(Debug)]
pub struct EmbeddedRegistryAgent {
    json: &'static str,
    read: OnceLock<Result<Arc<RegistryAgent>, DecodeError>>,
}

impl EmbeddedRegistryAgent {
    /// What the file has in it.
    pub const fn new(json: &'static str) -> Self {
        Self { json, read: OnceLock::new() }
    }

    /// An agent that is checked against the entry. An entry that cannot be read is found when its request is checked.
    pub fn agent(&self, source: RegistrySource, name: &str, version: &str, provider: Provider) -> Agent {
        let mut agent = Agent::new(source, name, version, provider);
        let read = self.read.get_or_init(|| from_json(self.json.as_bytes()).map(Arc::new));
        agent.registry_agent = Some(LoadedRegistryAgent(read.clone()));
        agent
    }
}

/// Sets an option that has a value.
pub fn with(agent: Agent, name: &str, value: Option<OptionValue>) -> Agent {
    match value {
        Some(value) => agent.option(name, value),
        None => agent,
    }
}

/// A list of texts that are variants of an enum.
pub fn choices<T>(chosen: Vec<T>, as_str: fn(T) -> &'static str) -> OptionValue {
    chosen.into_iter().map(as_str).collect::<Vec<_>>().into()
}

/// A list, whatever the user's scope calls `Vec`.
pub fn list<T, const N: usize>(items: [T; N]) -> Vec<T> {
    items.into()
}

/// A text, whatever the user's scope calls `String`.
pub fn text(text: &str) -> String {
    text.to_owned()
}
