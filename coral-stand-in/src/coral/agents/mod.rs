//! What agents do: scripts instead of models.

mod builtin;
pub(super) mod debug;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};

use super::logs::Level;
use super::moment::Moment;
use super::refusal::Refusal;
use super::session::{Agent, Connection, Message, Session, Wanted};
use coral_tools::testing::AgentSees;
use coral_tools::testing::Arguments;
use coral_tools::testing::CoralCaller;

/// What an agent of some type does, once it has connected.
pub(super) type Script = Arc<dyn Fn(ScriptedAgent) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

pub(super) fn script<F>(act: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static) -> Script
where
    F: Future<Output = ()> + Send + 'static,
{
    Arc::new(move |agent| Box::pin(act(agent)))
}

/// An agent in a session, played by a script: see [`StandInBuilder::agent`](super::StandInBuilder::agent).
///
/// It can do what a connected agent can: call the custom tools that it was given, write and read threads, and close the
/// session if it has the plugin for that. When its script ends, it stops; when the session ends, the script is dropped
/// where it waits.
#[derive(Clone)]
pub struct ScriptedAgent {
    session: Arc<Session>,
    agent: Arc<Agent>,
}

impl fmt::Debug for ScriptedAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedAgent").field("name", &self.agent.name).field("session_id", &self.session.id).finish()
    }
}

impl ScriptedAgent {
    pub(super) fn new(session: Arc<Session>, agent: Arc<Agent>) -> Self {
        Self { session, agent }
    }

    /// Its name in the session.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.agent.name
    }

    /// The session that it is in.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session.id
    }

    /// The namespace that the session is in.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.session.namespace.name
    }

    /// The values of its options, given or by default: `{"MAX_ITERATIONS": 50}`.
    #[must_use]
    pub fn options(&self) -> &Map<String, Value> {
        &self.agent.options
    }

    /// The agents that share a group with it.
    #[must_use]
    pub fn other_agents(&self) -> Vec<String> {
        self.agent.links.clone()
    }

    /// Calls a custom tool, or one of Coral's own such as `coral_send_message`.
    ///
    /// A custom tool is called over HTTP, signed, as [`CoralCaller`] does it. One that the agent has no access to does not
    /// exist for it: `Tool x not found`.
    pub async fn call_tool(&self, name: &str, arguments: impl Into<Arguments>) -> AgentSees {
        let arguments = arguments.into();
        // A custom tool takes the place of one of Coral's own.
        let Some((_, tool)) = self.agent.tools.iter().find(|(known, _)| known == name) else {
            return self.call_builtin(name, &arguments).await;
        };
        self.log(Level::Info, format!("Calling custom tool {name}, posting to {}", tool.url));
        let caller = CoralCaller::new(self.session.common.custom_tool_secret.clone())
            .signature_header(tool.signature_header.as_str())
            .in_namespace(self.namespace())
            .in_session(self.session_id())
            .by_agent(self.name());
        let started = Instant::now();
        let sees = match caller.call(&tool.url, arguments).await {
            Ok(sees) => sees,
            // What a client of MCP would not send, and what only a server with TLS could.
            Err(error) => AgentSees::unknown_error(error.to_string()),
        };
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (status, agent) = (sees.status(), self.name());
        if sees.is_error {
            let reason = sees.cause().unwrap_or(&sees.text);
            tracing::warn!(tool = name, agent, url = tool.url, status, duration_ms, reason, "webhook call failed");
        } else {
            tracing::info!(tool = name, agent, url = tool.url, status, duration_ms, "webhook call");
        }
        if sees.is_error {
            let cause = sees.cause().unwrap_or(&sees.text);
            self.log(Level::Warning, format!("Failed to call custom tool {name}: {cause}"));
        }
        sees
    }

    /// Creates a thread with these agents and itself in it, and returns its id.
    ///
    /// # Errors
    ///
    /// Where one of them is not in the session.
    pub async fn create_thread(&self, name: &str, participants: &[&str]) -> Result<String, Refused> {
        let participants = participants.iter().map(|&name| name.to_owned()).collect();
        let (id, _shown) = self.session.create_thread(self.name(), name.to_owned(), participants)?;
        Ok(id)
    }

    /// Sends a message into a thread and returns its id.
    ///
    /// # Errors
    ///
    /// Where there is no such thread or it is closed, or a mentioned agent is not in it or is this one.
    pub async fn send(&self, thread_id: &str, text: &str, mentions: &[&str]) -> Result<String, Refused> {
        let mentions: Vec<String> = mentions.iter().map(|&name| name.to_owned()).collect();
        let message = self.session.send(self.name(), thread_id, text, &mentions)?;
        Ok(message["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Closes a thread: what was said in it is gone, the summary stays.
    ///
    /// # Errors
    ///
    /// Where there is no such thread, or it is closed.
    pub async fn close_thread(&self, thread_id: &str, summary: &str) -> Result<(), Refused> {
        Ok(self.session.close_thread(thread_id, summary)?)
    }

    /// Waits for the next message of another agent in a thread that this one is in.
    ///
    /// Each message is waited for once; those that came while the script did something else are there already.
    pub async fn wait_for_message(&self) -> Message {
        self.wait(&[]).await
    }

    /// Waits for the next message that mentions it.
    pub async fn wait_for_mention(&self) -> Message {
        self.wait(&[Wanted::Mentioning(self.name().to_owned())]).await
    }

    async fn wait(&self, wanted: &[Wanted]) -> Message {
        let take = || self.agent.take_heard(|message| wanted.iter().all(|wanted| wanted.fits(message)));
        self.waiting(wanted, take).await
    }

    /// Waits until `take` finds a message, and says so meanwhile.
    async fn waiting(&self, wanted: &[Wanted], take: impl Fn() -> Option<Message>) -> Message {
        self.session.emit_wait_start(&self.agent, wanted);
        let _waiting = Waiting::begun(&self.agent);
        let message = loop {
            let heard = self.agent.heard.notified();
            if let Some(message) = take() {
                break message;
            }
            heard.await;
        };
        self.session.emit_wait_stop(&self.agent, &message);
        message
    }

    /// Closes the session: every agent is cancelled, this one too as soon as it waits for anything.
    ///
    /// # Errors
    ///
    /// Where it was not given the plugin `close_session_tool`.
    pub async fn close_session(&self) -> Result<(), Refused> {
        let sees = self.call_tool("coral_close_session", r#"{"reason": "the script says so"}"#).await;
        if sees.is_error { Err(Refused(sees.text)) } else { Ok(()) }
    }

    fn log(&self, level: Level, text: String) {
        self.session.log(Some(&self.agent), level, text);
    }

    /// What was said to it since a moment, or will be.
    async fn wait_since(&self, since: Moment, wanted: &[Wanted]) -> Message {
        let fits = |message: &Message| wanted.iter().all(|wanted| wanted.fits(message));
        self.waiting(wanted, || self.session.first_message(self.name(), since, fits)).await
    }
}

/// An agent that waits, until it has heard something or waits no longer.
struct Waiting<'a>(&'a Agent);

impl<'a> Waiting<'a> {
    fn begun(agent: &'a Agent) -> Self {
        agent.set_connection(Connection::WaitingForMessage);
        Self(agent)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.set_connection(Connection::Thinking);
    }
}

/// What Coral says when an agent cannot do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(String);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.message)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}
