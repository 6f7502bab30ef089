//! Sessions, with their agents and threads.

mod agent;
mod events;
mod launch;
mod lifecycle;
mod namespace;
mod namespaces;
mod program;
mod script;
mod show;
mod thread;

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use serde_json::Value;
use tokio::sync::{broadcast, watch};
use tokio::task::yield_now;

pub(super) use self::agent::{Agent, ConnectionStatus};
pub(super) use self::events::{EVENT_QUEUE, ManagerEvent, MessageFilter};
pub(super) use self::namespace::Namespace;
pub(super) use self::namespaces::Namespaces;
pub(super) use self::script::{Script, Scripts};
pub use self::thread::Message;
use self::thread::{Mention, RejectedAction, Thread};
use super::context::ServerContext;
use super::decode::Annotations;
use super::lock::lock;
use super::logs::{Level, LogSubject};
use super::rejection::Rejection;
use super::timestamp::Timestamp;

/// The largest number of threads in a session.
const MAX_THREADS: usize = 10_000;

pub(super) struct Session {
    pub(super) id: String,
    pub(super) namespace: Arc<Namespace>,
    pub(super) context: Arc<ServerContext>,
    pub(super) agents: Vec<Arc<Agent>>,
    annotations: Annotations,
    created: Timestamp,
    status: Mutex<SessionStatus>,
    threads: Mutex<Vec<Thread>>,
    events: broadcast::Sender<Arc<str>>,
    ended: watch::Sender<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionStatus {
    Pending,
    Executed { at: Timestamp },
    Closing { executed: Timestamp, at: Timestamp },
}

impl Session {
    fn new(
        context: Arc<ServerContext>,
        namespace: Arc<Namespace>,
        agents: Vec<Agent>,
        annotations: Annotations,
    ) -> Self {
        Self {
            id: thread::new_id(),
            namespace,
            context,
            agents: agents.into_iter().map(Arc::new).collect(),
            annotations,
            created: Timestamp::now(),
            status: Mutex::new(SessionStatus::Pending),
            threads: Mutex::default(),
            events: broadcast::Sender::new(EVENT_QUEUE),
            ended: watch::Sender::new(false),
        }
    }

    pub(super) fn agent(&self, name: &str) -> Result<&Arc<Agent>, Rejection> {
        let agent = self.agents.iter().find(|agent| agent.name == name);
        agent.ok_or_else(|| Rejection::not_found(format!("No agent named {name}")))
    }

    /// Subscribes to new events.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<str>> {
        self.events.subscribe()
    }

    /// Becomes `true` when the session has ended.
    pub(super) fn ended(&self) -> watch::Receiver<bool> {
        self.ended.subscribe()
    }

    pub(super) fn log(&self, agent: Option<&Agent>, level: Level, text: impl Into<String>) {
        self.context.logs.write(level, self.log_subject(agent), text);
    }

    /// Logs an exception of the server with its cause.
    pub(super) fn log_error(&self, agent: Option<&Agent>, text: impl Into<String>, cause: impl Into<String>) {
        self.context.logs.write_error(self.log_subject(agent), text, cause);
    }

    pub(super) fn log_subject(&self, agent: Option<&Agent>) -> LogSubject {
        LogSubject {
            namespace: Some(self.namespace.name.clone()),
            session: Some(self.id.clone()),
            agent: agent.map(|agent| agent.name.clone()),
            ..LogSubject::default()
        }
    }

    fn log_action(&self, agent: &str, text: String) {
        self.log_of(agent, Level::Info, text);
    }

    fn log_of(&self, agent: &str, level: Level, text: String) {
        self.log(self.agent(agent).ok().map(Arc::as_ref), level, text);
    }

    /// Creates a thread and returns its id and JSON.
    pub(super) fn create_thread(
        &self,
        creator: &str,
        name: String,
        participants: Vec<String>,
    ) -> Result<(String, Value), Rejection> {
        self.agent(creator)?;
        let missing: Vec<&str> =
            participants.iter().map(String::as_str).filter(|name| self.agent(name).is_err()).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            let text =
                format!("agent {creator} tried to create thread \"{name}\" with non-existent participants: {missing}");
            self.log(None, Level::Warning, text);
            return Err(Rejection::not_found(format!("No agents named {missing}")));
        }
        let participants_text = match participants.as_slice() {
            [] => ".  No other participants were added to the this thread".to_owned(),
            names => format!(", and participants: {}", names.join(", ")),
        };
        let thread = Thread::new(name, creator, participants);
        let text =
            format!("Agent {creator} created thread \"{}\" with ID {}{participants_text}", thread.name, thread.id);
        let (id, json) = (thread.id.clone(), thread.to_json(self.context.emulated));
        {
            let mut threads = lock(&self.threads);
            if threads.len() == MAX_THREADS {
                return Err(Rejection::unexpected("The session holds all the threads that it can"));
            }
            threads.push(thread);
        }
        self.log(None, Level::Info, text);
        self.emit(events::thread_created(&json));
        Ok((id, json))
    }

    /// Sends a message and returns its JSON.
    pub(super) async fn send(
        &self,
        sender: &str,
        thread: &str,
        text: &str,
        mentions: &[String],
    ) -> Result<Value, Rejection> {
        let (message, participants) = self.with_thread(sender, thread, |thread| {
            let mut distinct: Vec<Mention<'_>> = Vec::new();
            for name in mentions {
                let shown = self.agent(name)?.to_string();
                if !distinct.iter().any(|known| known.name == name) {
                    distinct.push(Mention { name, shown });
                }
            }
            thread.check_message(sender, &distinct)?;
            let names = distinct.into_iter().map(|mention| mention.name.to_owned()).collect();
            let message = Message::new(&thread.id, sender, text, names, SystemTime::now());
            thread.put(message.clone())?;
            Ok((message, thread.participants.clone()))
        })?;
        self.deliver(&message, &participants);
        // A server has no order between this event and that of an agent that stops waiting.
        if message.has_late_event() {
            yield_now().await;
        }
        let json = self.emit_message(&message);
        let mentions = match message.mentions.as_slice() {
            [] => " with no mentions".to_owned(),
            names => format!(", mentioning: {}", names.join(", ")),
        };
        self.log_action(sender, format!("sent message \"{text}\" (id={}) into thread {thread}{mentions}", message.id));
        Ok(json)
    }

    /// Adds a message that was sent at `at` to a thread. `None` if the thread does not exist or is closed.
    pub(super) fn insert(&self, thread: &str, sender: &str, text: &str, at: SystemTime) -> Option<String> {
        let inserted = self.with_thread(sender, thread, |thread| {
            thread.check_message(sender, &[])?;
            let message = Message::new(&thread.id, sender, text, Vec::new(), at);
            thread.put(message.clone())?;
            Ok((message, thread.participants.clone()))
        });
        let (message, participants) = inserted.ok()?;
        self.deliver(&message, &participants);
        self.emit_message(&message);
        Some(message.id)
    }

    fn deliver(&self, message: &Message, participants: &[String]) {
        for participant in participants {
            if let Ok(agent) = self.agent(participant) {
                agent.deliver(message);
            }
        }
    }

    fn emit_message(&self, message: &Message) -> Value {
        let json = message.to_json(self.context.emulated);
        self.emit(events::message_sent(&json));
        json
    }

    pub(super) fn add_participant(&self, by: &str, thread: &str, name: &str) -> Result<(), Rejection> {
        let history = self.with_thread(by, thread, |thread| {
            self.agent(name)?;
            thread.add(by, name)?;
            Ok(thread.messages.clone())
        })?;
        for message in &history {
            self.agent(name)?.deliver(message);
        }
        self.log_action(by, format!("added \"{name}\" as a participant to thread {thread}"));
        self.emit(events::participant_added(thread, name));
        Ok(())
    }

    pub(super) fn remove_participant(&self, by: &str, thread: &str, name: &str) -> Result<(), Rejection> {
        self.with_thread(by, thread, |thread| {
            self.agent(name)?;
            thread.remove(by, name)
        })?;
        self.log_action(by, format!("removed \"{name}\" as a participant from thread {thread}"));
        self.emit(events::participant_removed(thread, name));
        Ok(())
    }

    pub(super) fn close_thread(&self, by: &str, thread: &str, summary: &str) -> Result<(), Rejection> {
        self.with_thread(by, thread, |thread| thread.close(summary.to_owned()))?;
        self.log_action(by, format!("closed thread {thread} with summary \"{summary}\""));
        self.emit(events::thread_closed(thread, summary));
        Ok(())
    }

    /// The messages since `since` in the threads of `agent`.
    pub(super) fn messages_since(&self, agent: &str, since: Timestamp) -> Vec<Message> {
        let threads = lock(&self.threads);
        let own = threads.iter().filter(|thread| thread.participants.iter().any(|name| name == agent));
        let messages = own.flat_map(|thread| &thread.messages);
        messages.filter(|message| Timestamp::from(message.sent_at) >= since).cloned().collect()
    }

    /// Runs an action of the agent `by` on a thread. Logs the warning of a rejected one.
    fn with_thread<T>(
        &self,
        by: &str,
        id: &str,
        act: impl FnOnce(&mut Thread) -> Result<T, RejectedAction>,
    ) -> Result<T, Rejection> {
        let mut threads = lock(&self.threads);
        let thread = threads.iter_mut().find(|thread| thread.id == id);
        let thread = thread.ok_or_else(|| Rejection::not_found(format!("Thread with ID \"{id}\" does not exist")))?;
        act(thread).map_err(|RejectedAction { rejection, warning }| {
            if let Some(warning) = warning {
                self.log_of(by, Level::Warning, warning);
            }
            rejection
        })
    }
}
