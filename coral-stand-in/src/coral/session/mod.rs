//! Sessions: agents, threads, and what happens to them.

mod agent;
mod events;
mod launch;
mod life;
mod namespaces;
mod show;
mod thread;

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use serde_json::Value;
use tokio::sync::{broadcast, watch};

pub(super) use self::agent::{Agent, Connection};
pub(super) use self::events::{EVENTS, ManagerEvent, Wanted};
pub(super) use self::namespaces::{Namespace, Namespaces};
pub use self::thread::Message;
use self::thread::Thread;
use super::common::Common;
use super::decode::Annotations;
use super::lock::lock;
use super::logs::{About, Level};
use super::moment::Moment;
use super::refusal::Refusal;

/// More threads than the session of a test has.
const THREADS: usize = 10_000;

pub(super) struct Session {
    pub(super) id: String,
    pub(super) namespace: Arc<Namespace>,
    pub(super) common: Arc<Common>,
    pub(super) agents: Vec<Arc<Agent>>,
    annotations: Annotations,
    created: Moment,
    status: Mutex<SessionStatus>,
    threads: Mutex<Vec<Thread>>,
    events: broadcast::Sender<Arc<str>>,
    gone: watch::Sender<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionStatus {
    Pending,
    Executed { at: Moment },
    Closing { executed: Moment, at: Moment },
}

impl Session {
    fn new(common: Arc<Common>, namespace: Arc<Namespace>, agents: Vec<Agent>, annotations: Annotations) -> Self {
        Self {
            id: thread::new_id(),
            namespace,
            common,
            agents: agents.into_iter().map(Arc::new).collect(),
            annotations,
            created: Moment::now(),
            status: Mutex::new(SessionStatus::Pending),
            threads: Mutex::default(),
            events: broadcast::Sender::new(EVENTS),
            gone: watch::Sender::new(false),
        }
    }

    pub(super) fn agent(&self, name: &str) -> Result<&Arc<Agent>, Refusal> {
        let agent = self.agents.iter().find(|agent| agent.name == name);
        agent.ok_or_else(|| Refusal::not_found(format!("No agent named {name}")))
    }

    /// What happens from now on.
    pub(super) fn follow(&self) -> broadcast::Receiver<Arc<str>> {
        self.events.subscribe()
    }

    /// Turns true when there is nothing left of the session.
    pub(super) fn gone(&self) -> watch::Receiver<bool> {
        self.gone.subscribe()
    }

    pub(super) fn log(&self, agent: Option<&Agent>, level: Level, text: impl Into<String>) {
        let about = About {
            namespace: Some(self.namespace.name.clone()),
            session: Some(self.id.clone()),
            agent: agent.map(|agent| agent.name.clone()),
        };
        self.common.logs.write(level, about, text);
    }

    /// Creates a thread and returns it as the server shows it.
    pub(super) fn create_thread(
        &self,
        creator: &str,
        name: String,
        with: Vec<String>,
    ) -> Result<(String, Value), Refusal> {
        self.agent(creator)?;
        let missing: Vec<&str> = with.iter().map(String::as_str).filter(|name| self.agent(name).is_err()).collect();
        if !missing.is_empty() {
            return Err(Refusal::not_found(format!("No agents named {}", missing.join(", "))));
        }
        let thread = Thread::new(name, creator, with);
        let (id, shown) = (thread.id.clone(), thread.show(self.common.plays));
        {
            let mut threads = lock(&self.threads);
            if threads.len() == THREADS {
                return Err(Refusal::unexpected("The session holds all the threads that it can"));
            }
            threads.push(thread);
        }
        self.emit(events::thread_created(&shown));
        self.log(None, Level::Info, format!("Agent {creator} created thread {id}"));
        Ok((id, shown))
    }

    /// Sends a message and returns it as the server shows it.
    pub(super) fn send(&self, sender: &str, thread: &str, text: &str, mentions: &[String]) -> Result<Value, Refusal> {
        let mut distinct: Vec<String> = Vec::new();
        let (message, participants) = self.with_thread(thread, |thread| {
            for mention in mentions {
                self.agent(mention)?;
                if !distinct.contains(mention) {
                    distinct.push(mention.clone());
                }
            }
            thread.allows(sender, &distinct)?;
            let message = Message::new(&thread.id, sender, text, distinct, SystemTime::now());
            thread.put(message.clone())?;
            Ok((message, thread.participants.clone()))
        })?;
        Ok(self.deliver(&message, &participants))
    }

    /// Puts a message into a thread as if it had been sent then. None where there is no such thread, or no longer.
    pub(super) fn insert(&self, thread: &str, sender: &str, text: &str, at: SystemTime) -> Option<String> {
        let put = self.with_thread(thread, |thread| {
            thread.allows(sender, &[])?;
            let message = Message::new(&thread.id, sender, text, Vec::new(), at);
            thread.put(message.clone())?;
            Ok((message, thread.participants.clone()))
        });
        let (message, participants) = put.ok()?;
        self.deliver(&message, &participants);
        Some(message.id)
    }

    fn deliver(&self, message: &Message, participants: &[String]) -> Value {
        for participant in participants {
            if let Ok(agent) = self.agent(participant) {
                agent.hear(message);
            }
        }
        let shown = message.show(self.common.plays);
        self.emit(events::message_sent(&shown));
        shown
    }

    pub(super) fn add_participant(&self, by: &str, thread: &str, name: &str) -> Result<(), Refusal> {
        let missed = self.with_thread(thread, |thread| {
            self.agent(name)?;
            thread.add(by, name)?;
            Ok(thread.messages.clone())
        })?;
        for message in &missed {
            self.agent(name)?.hear(message);
        }
        self.emit(events::participant_added(thread, name));
        Ok(())
    }

    pub(super) fn remove_participant(&self, by: &str, thread: &str, name: &str) -> Result<(), Refusal> {
        self.with_thread(thread, |thread| {
            self.agent(name)?;
            thread.remove(by, name)
        })?;
        self.emit(events::participant_removed(thread, name));
        Ok(())
    }

    pub(super) fn close_thread(&self, thread: &str, summary: &str) -> Result<(), Refusal> {
        self.with_thread(thread, |thread| thread.close(summary.to_owned()))?;
        self.emit(events::thread_closed(thread, summary));
        Ok(())
    }

    /// The first message since `since` that `agent` can see and wants.
    pub(super) fn first_message(
        &self,
        agent: &str,
        since: Moment,
        wanted: impl Fn(&Message) -> bool,
    ) -> Option<Message> {
        let threads = lock(&self.threads);
        let mine = threads.iter().filter(|thread| thread.participants.iter().any(|name| name == agent));
        let mut messages = mine.flat_map(|thread| &thread.messages);
        messages.find(|message| Moment::from(message.sent_at) >= since && wanted(message)).cloned()
    }

    fn with_thread<T>(&self, id: &str, act: impl FnOnce(&mut Thread) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut threads = lock(&self.threads);
        let thread = threads.iter_mut().find(|thread| thread.id == id);
        act(thread.ok_or_else(|| Refusal::not_found(format!("Thread with ID \"{id}\" does not exist")))?)
    }
}
