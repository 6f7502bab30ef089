//! The scripts of agents.

use std::pin::Pin;
use std::sync::Arc;

use super::{Agent, Session};
use crate::coral::decode::AgentId;

/// The script of an agent type, which runs once an agent is connected.
pub(in crate::coral) type Script =
    Arc<dyn Fn(Arc<Session>, Arc<Agent>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// The scripts by agent type. Of two scripts for the same type, the first one is used.
pub(in crate::coral) struct Scripts(Vec<(AgentId, Script)>);

impl Scripts {
    pub(in crate::coral) fn new(scripts: Vec<(AgentId, Script)>) -> Self {
        Self(scripts)
    }

    pub(super) fn get(&self, id: &AgentId) -> Option<Script> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, script)| script.clone())
    }
}
