//! Agents, which follow a script instead of a model.

mod builtin_tools;
mod builtin_types;
mod custom_tool;
mod debug_scripts;
mod mcp_client;
mod wait;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Map, Value};

pub(super) use self::builtin_types::builtin_types;
pub use self::mcp_client::McpClient;
pub(super) use self::mcp_client::ProgramSettings;
use super::emulated_version::EmulatedVersion;
use super::logs::{Level, LogSubject};
use super::rejection::Rejection;
use super::session::{Agent, Message, MessageFilter, Script, Session};
use coral_tools::testing::AgentView;
use coral_tools::testing::Arguments;

/// Makes a script from an `async` function of an agent.
pub(super) fn script<F>(run: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static, program: ProgramSettings) -> Script
where
    F: Future<Output = ()> + Send + 'static,
{
    let ProgramSettings { mcp_client, ignores_sigterm } = program;
    Script::new(move |session, agent| run(ScriptedAgent { session, agent, mcp_client }), ignores_sigterm)
}

/// An agent in a session that follows a script: see [`CoralStandInBuilder::agent`](super::CoralStandInBuilder::agent).
///
/// It can do the same as every connected agent: call its custom tools, read and write threads, and close the session if it has
/// the plugin for that. The agent stops when its script ends. When the session ends, the script is dropped at its next `.await`,
/// unless its program [ignores SIGTERM](super::AgentType::ignore_sigterm).
#[derive(Clone)]
pub struct ScriptedAgent {
    session: Arc<Session>,
    agent: Arc<Agent>,
    mcp_client: McpClient,
}

impl fmt::Debug for ScriptedAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedAgent").field("name", &self.agent.name).field("session_id", &self.session.id).finish()
    }
}

impl ScriptedAgent {
    /// The name of the agent in the session.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.agent.name
    }

    /// The id of the session.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session.id
    }

    /// The namespace of the session.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.session.namespace.name
    }

    /// The values of its options, from the request or by default: `{"MAX_ITERATIONS": 50}`.
    #[must_use]
    pub fn options(&self) -> &Map<String, Value> {
        &self.agent.options
    }

    /// The names of the agents that share a group with it.
    #[must_use]
    pub fn other_agents(&self) -> Vec<String> {
        self.agent.links.clone()
    }

    /// Calls a custom tool, or a built-in tool of Coral such as `coral_send_message`.
    ///
    /// A custom tool is called with a signed HTTP request, as by [`CoralCaller`](coral_tools::testing::CoralCaller). Such a call
    /// outlives the session: it continues until the response, or for 15 s. At most 100 calls to one host and port run at a time;
    /// others wait, and their 15 s begin when they start. The result for a tool without access is an error: `Tool x not found`; so is
    /// a result that the [`McpClient`] of the agent rejects.
    pub async fn call_tool(&self, name: &str, arguments: impl Into<Arguments>) -> AgentView {
        let arguments = arguments.into();
        // A custom tool replaces a built-in tool of the same name.
        let Some((_, tool)) = self.agent.tools.iter().find(|(known, _)| known == name) else {
            return self.call_builtin(name, &arguments).await;
        };
        let view = self.call_custom_tool(name, tool, arguments).await;
        let has_output_schema = self.session.context.emulated == EmulatedVersion::Server1_2;
        match self.mcp_client.error(name).filter(|_| has_output_schema && !view.is_error) {
            Some(error) => AgentView::new(error, true),
            None => view,
        }
    }

    /// Creates a thread with these agents and itself in it, and returns its id.
    ///
    /// # Errors
    ///
    /// Returns an error if one of them is not in the session.
    pub async fn create_thread(&self, name: &str, participants: &[&str]) -> Result<String, AgentActionError> {
        let participants = participants.iter().map(|&name| name.to_owned()).collect();
        let (id, _json) = self.session.create_thread(self.name(), name.to_owned(), participants)?;
        Ok(id)
    }

    /// Sends a message into a thread and returns its id.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread does not exist or is closed, or if a mentioned agent is not in it or is this agent.
    pub async fn send(&self, thread_id: &str, text: &str, mentions: &[&str]) -> Result<String, AgentActionError> {
        let mentions: Vec<String> = mentions.iter().map(|&name| name.to_owned()).collect();
        let message = self.session.send(self.name(), thread_id, text, &mentions).await?;
        Ok(message["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Closes a thread: its messages are deleted, the summary is kept.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread does not exist or is closed.
    pub async fn close_thread(&self, thread_id: &str, summary: &str) -> Result<(), AgentActionError> {
        Ok(self.session.close_thread(self.name(), thread_id, summary)?)
    }

    /// Waits for the next message of another agent in a thread of this agent.
    ///
    /// Each message is returned once, also if it arrived before the script waits.
    pub async fn wait_for_message(&self) -> Message {
        self.next_message(&[]).await
    }

    /// Waits for the next message that mentions this agent.
    pub async fn wait_for_mention(&self) -> Message {
        self.next_message(&[MessageFilter::Mentioning(self.name().to_owned())]).await
    }

    /// Closes the session: every agent is cancelled, including this one, at its next `.await`.
    ///
    /// # Errors
    ///
    /// Returns an error if the agent does not have the plugin `close_session_tool`.
    pub async fn close_session(&self) -> Result<(), AgentActionError> {
        let view = self.call_tool("coral_close_session", r#"{"reason": "closed by the script"}"#).await;
        if view.is_error { Err(AgentActionError(view.text)) } else { Ok(()) }
    }

    /// Prints a line to the standard output of the agent's program, which is in the log of the server.
    pub fn print(&self, line: impl Into<String>) {
        let subject = LogSubject { is_stdout: true, ..self.session.log_subject(Some(&self.agent)) };
        self.session.context.logs.write(Level::Info, subject, line);
    }

    /// Sets the code that the agent's program exits with when its script ends. Default: 0; 1 after a panic. Only the log of the
    /// server has it, and only for the runtimes `executable` and `docker`.
    pub fn set_exit_code(&self, code: u8) {
        self.agent.exit_code.store(code, Ordering::SeqCst);
    }

    fn log(&self, level: Level, text: String) {
        self.session.log(Some(&self.agent), level, text);
    }
}

/// Coral's reason for rejecting an action of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentActionError(String);

impl From<Rejection> for AgentActionError {
    fn from(rejection: Rejection) -> Self {
        Self(rejection.message)
    }
}

impl fmt::Display for AgentActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AgentActionError {}
