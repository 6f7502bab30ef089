//! The scripts of agents.

use std::pin::Pin;
use std::sync::Arc;

use super::{Agent, Session};
use crate::coral::decode::AgentId;

type RunScript = dyn Fn(Arc<Session>, Arc<Agent>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// The script of an agent type, which runs once an agent is connected.
#[derive(Clone)]
pub(in crate::coral) struct Script {
    run: Arc<RunScript>,
    /// Whether the program runs to its end although its agent was cancelled.
    pub(super) ignores_sigterm: bool,
}

impl Script {
    pub(in crate::coral) fn new<F>(
        run: impl Fn(Arc<Session>, Arc<Agent>) -> F + Send + Sync + 'static,
        ignores_sigterm: bool,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { run: Arc::new(move |session, agent| Box::pin(run(session, agent))), ignores_sigterm }
    }

    pub(super) fn run(&self, session: Arc<Session>, agent: Arc<Agent>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        (self.run)(session, agent)
    }
}

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
