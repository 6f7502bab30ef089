//! The run of an agent: it is launched, connects, runs its script, and stops.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{sleep, timeout};

use super::agent::{Agent, AgentStatus, ConnectionStatus};
use super::program::Program;
use super::script::Script;
use super::{Session, events};
use crate::coral::decode::Provider;
use crate::coral::lock::lock;
use crate::coral::logs::Level;
use crate::coral::timestamp::Timestamp;

/// The longest time that a blocking agent waits for the others.
const BLOCKING_TIMEOUT: Duration = Duration::from_secs(60);

/// The exit code of a program whose script has panicked: that of Python after an exception.
const EXIT_CODE_OF_PANIC: u8 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProgramEnd {
    Exited,
    Cancelled,
}

impl Session {
    pub(super) async fn run_agent(self: Arc<Self>, agent: Arc<Agent>, script: Option<Script>) {
        let since = Timestamp::now();
        agent.status.send_replace(AgentStatus::Running { since, connection: ConnectionStatus::NotConnected });
        self.emit(events::runtime_started(&agent));
        if self.run_provider(&agent, script).await == ProgramEnd::Cancelled {
            self.log(Some(&agent), Level::Info, format!("Agent {} cancelled", agent.name));
        }
        lock(&agent.runs).push((since, Timestamp::now()));
        // The event precedes the status, so that it was sent when the agent counts as stopped.
        self.emit(events::runtime_stopped(&agent));
        agent.status.send_replace(AgentStatus::Stopped { ran_since: Some(since) });
        self.log(Some(&agent), Level::Info, format!("Agent {} runtime exited", agent.name));
    }

    async fn run_provider(self: &Arc<Self>, agent: &Arc<Agent>, script: Option<Script>) -> ProgramEnd {
        match &agent.provider {
            Provider::Local { runtime } if agent.agent_type.has_runtime(runtime) => {
                let program = Program::start(self, agent, runtime);
                self.run_program(&program, agent, script).await
            }
            Provider::Local { runtime } => {
                let text = format!("Exception thrown when launching agent {}", agent.name);
                let cause = format!("The requested runtime: {} is not supported", runtime.to_uppercase());
                self.log_error(Some(agent), text, cause);
                ProgramEnd::Exited
            }
            // A server runs only local agents.
            Provider::Linked { .. } | Provider::Remote | Provider::RemoteRequest => ProgramEnd::Exited,
        }
    }

    async fn run_program(
        self: &Arc<Self>,
        program: &Program<'_>,
        agent: &Arc<Agent>,
        script: Option<Script>,
    ) -> ProgramEnd {
        let ignores_sigterm =
            program.receives_sigterm() && script.as_ref().is_some_and(|script| script.ignores_sigterm);
        let mut cancelled = agent.cancelled.subscribe();
        let end = tokio::select! {
            biased;
            _ = cancelled.wait_for(|cancelled| *cancelled), if !ignores_sigterm => ProgramEnd::Cancelled,
            () = self.run_script(agent, script) => ProgramEnd::Exited,
        };
        // The server does not read the exit code of a program that it has cancelled.
        let end = if *agent.cancelled.borrow() { ProgramEnd::Cancelled } else { end };
        program.log_end((end == ProgramEnd::Exited).then(|| agent.exit_code.load(Ordering::SeqCst)));
        end
    }

    async fn run_script(self: &Arc<Self>, agent: &Arc<Agent>, script: Option<Script>) {
        sleep(self.context.connection_delay).await;
        self.connect(agent).await;
        // The call that creates the future may panic, too.
        let run = async {
            if let Some(script) = script {
                script.run(self.clone(), agent.clone()).await;
            }
        };
        if let Err(panic) = AssertUnwindSafe(run).catch_unwind().await {
            let text = format!("The script of agent {} panicked", agent.name);
            let cause = panic_message(panic.as_ref());
            self.context.panics.add(format!("{text}: {cause}"));
            self.log_error(Some(agent), text, cause);
            agent.exit_code.store(EXIT_CODE_OF_PANIC, Ordering::SeqCst);
        }
    }

    async fn connect(&self, agent: &Agent) {
        self.emit(events::agent_connected(agent));
        agent.connected.send_replace(true);
        let links = self.blocking_links(agent);
        if !links.is_empty() {
            let names: Vec<&str> = links.iter().map(|other| other.name.as_str()).collect();
            self.log(Some(agent), Level::Info, format!("waiting for blocking agents: {}", names.join(", ")));
        }
        // Each of the others has an equal share of the time.
        let share = BLOCKING_TIMEOUT / u32::try_from(links.len()).unwrap_or(u32::MAX).max(1);
        let others = async {
            for other in links {
                let mut connected = other.connected.subscribe();
                // The sender is in the session, so this returns no error.
                drop(timeout(share, connected.wait_for(|connected| *connected)).await);
            }
        };
        tokio::select! {
            biased;
            () = sleep(BLOCKING_TIMEOUT) => {
                let text = "timeout occurred waiting for blocking agents to connect";
                self.log(Some(agent), Level::Warning, text);
            }
            () = others => {
                self.log(Some(agent), Level::Info, "sse connection established");
                agent.set_connection(ConnectionStatus::Thinking);
            }
        }
    }

    /// The blocking agents that are linked with a blocking agent, directly or through others.
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

/// The message of a panic, as the macros write it.
fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a value that is not text")
}

fn as_strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
