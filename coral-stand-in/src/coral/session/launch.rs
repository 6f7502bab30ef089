//! How an agent runs: launched, connected, at work, stopped.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{sleep, timeout};

use super::agent::{Agent, Connection, Status};
use super::{Session, events};
use crate::coral::agents::ScriptedAgent;
use crate::coral::decode::Provider;
use crate::coral::lock::lock;
use crate::coral::logs::Level;
use crate::coral::moment::Moment;

/// How long an agent that blocks waits for the others that do.
const BLOCKING: Duration = Duration::from_secs(60);

impl Session {
    pub(super) async fn run_agent(self: Arc<Self>, agent: Arc<Agent>) {
        let since = Moment::now();
        agent.status.send_replace(Status::Running { since, connection: Connection::NotConnected });
        self.emit(events::runtime_started(&agent));
        let mut cancelled = agent.cancelled.subscribe();
        tokio::select! {
            biased;
            _ = cancelled.wait_for(|cancelled| *cancelled) => {
                self.log(Some(&agent), Level::Info, format!("Agent {} cancelled", agent.name));
            }
            () = self.clone().work(agent.clone()) => {}
        }
        lock(&agent.stints).push((since, Moment::now()));
        // Whoever waits for the agent to stop finds the event already told.
        self.emit(events::runtime_stopped(&agent));
        agent.status.send_replace(Status::Stopped { ran_since: Some(since) });
    }

    async fn work(self: Arc<Self>, agent: Arc<Agent>) {
        match &agent.provider {
            Provider::Local { runtime } if agent.entry.offers(runtime) => {}
            Provider::Local { runtime } => {
                let text = format!("The requested runtime: {} is not supported", runtime.to_uppercase());
                return self.log(Some(&agent), Level::Error, text);
            }
            // Nothing else is run by a server.
            Provider::Linked { .. } | Provider::Remote | Provider::RemoteRequest => return,
        }
        self.connect(&agent).await;
        // Making the future is part of the script, too.
        let script = async { (agent.entry.script)(ScriptedAgent::new(self.clone(), agent.clone())).await };
        if AssertUnwindSafe(script).catch_unwind().await.is_err() {
            self.log(Some(&agent), Level::Error, format!("The script of agent {} panicked", agent.name));
        }
    }

    async fn connect(&self, agent: &Agent) {
        self.emit(events::agent_connected(agent));
        agent.arrived.send_replace(true);
        let links = self.blocking_links(agent);
        // Each gets its share of the time, whether it arrives in it or not.
        let share = BLOCKING / u32::try_from(links.len()).unwrap_or(u32::MAX).max(1);
        let others = async {
            for other in links {
                let mut arrived = other.arrived.subscribe();
                // The sender is in the session, so there will be no error.
                drop(timeout(share, arrived.wait_for(|arrived| *arrived)).await);
            }
        };
        tokio::select! {
            biased;
            () = sleep(BLOCKING) => {
                let text = "timeout occurred waiting for blocking agents to connect";
                self.log(Some(agent), Level::Warning, text);
            }
            () = others => agent.set_connection(Connection::Thinking),
        }
    }

    /// The blocking agents that a blocking one reaches, by way of blocking ones.
    fn blocking_links(&self, agent: &Agent) -> Vec<&Arc<Agent>> {
        let mut reached: Vec<&Arc<Agent>> = Vec::new();
        let mut next: Vec<&str> = if agent.blocking { as_strs(&agent.links) } else { Vec::new() };
        while let Some(name) = next.pop() {
            let Ok(other) = self.agent(name) else { continue };
            let known = other.name == agent.name || reached.iter().any(|known| known.name == other.name);
            if other.blocking && !known {
                next.extend(as_strs(&other.links));
                reached.push(other);
            }
        }
        reached
    }
}

fn as_strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
