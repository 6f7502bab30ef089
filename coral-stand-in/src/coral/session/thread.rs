//! Threads and the messages in them.

use std::time::SystemTime;

use uuid::Uuid;

use crate::coral::moment::Moment;
use crate::coral::refusal::Refusal;

/// More messages than one thread of a test has.
const MESSAGES: usize = 100_000;

#[derive(Debug, Clone)]
pub(in crate::coral) struct Thread {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) creator: String,
    pub(super) participants: Vec<String>,
    pub(super) messages: Vec<Message>,
    pub(super) closed: Option<Closed>,
    pub(super) created: Moment,
}

#[derive(Debug, Clone)]
pub(super) struct Closed {
    pub(super) summary: String,
    pub(super) at: Moment,
}

/// A message as an agent gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The thread that it is in.
    pub thread_id: String,
    /// The agent that sent it.
    pub sender: String,
    /// What it says.
    pub text: String,
    /// The agents that it mentions.
    pub mentions: Vec<String>,
    /// When it was sent.
    pub sent_at: SystemTime,
}

impl Message {
    pub(super) fn new(thread_id: &str, sender: &str, text: &str, mentions: Vec<String>, sent_at: SystemTime) -> Self {
        let (thread_id, sender, text) = (thread_id.to_owned(), sender.to_owned(), text.to_owned());
        Self { id: new_id(), thread_id, sender, text, mentions, sent_at }
    }
}

pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

impl Thread {
    pub(super) fn new(name: String, creator: &str, participants: Vec<String>) -> Self {
        let mut all: Vec<String> = Vec::new();
        for participant in participants.into_iter().chain([creator.to_owned()]) {
            if !all.contains(&participant) {
                all.push(participant);
            }
        }
        Self {
            id: new_id(),
            name,
            creator: creator.to_owned(),
            participants: all,
            messages: Vec::new(),
            closed: None,
            created: Moment::now(),
        }
    }

    fn has(&self, agent: &str) -> bool {
        self.participants.iter().any(|participant| participant == agent)
    }

    /// Whether a message of `sender` that mentions `mentions` may be put into it.
    pub(super) fn allows(&self, sender: &str, mentions: &[String]) -> Result<(), Refusal> {
        let id = &self.id;
        if self.closed.is_some() {
            return Err(Refusal::bad_request(format!("Cannot send messages to thread {id} because it is closed")));
        }
        if mentions.iter().any(|mention| mention == sender) {
            return Err(Refusal::bad_request("Messages cannot mention the sender"));
        }
        let outside: Vec<&str> = mentions.iter().map(String::as_str).filter(|agent| !self.has(agent)).collect();
        if !outside.is_empty() {
            let outside = outside.join(", ");
            let sentence = format!("Cannot mention agents ({outside}) as they are not participants of thread {id}");
            return Err(Refusal::not_found(sentence));
        }
        Ok(())
    }

    pub(super) fn put(&mut self, message: Message) -> Result<(), Refusal> {
        if self.messages.len() == MESSAGES {
            return Err(Refusal::unexpected(format!("Thread {} holds all the messages that it can", self.id)));
        }
        self.messages.push(message);
        Ok(())
    }

    pub(super) fn add(&mut self, by: &str, agent: &str) -> Result<(), Refusal> {
        self.require(by, "add")?;
        if self.has(agent) {
            let id = &self.id;
            return Err(Refusal::bad_request(format!("Agent {agent} is already participating in thread {id}")));
        }
        self.participants.push(agent.to_owned());
        Ok(())
    }

    pub(super) fn remove(&mut self, by: &str, agent: &str) -> Result<(), Refusal> {
        self.require(by, "remove")?;
        if !self.has(agent) {
            let id = &self.id;
            return Err(Refusal::bad_request(format!("Agent {agent} is not participating in thread {id}")));
        }
        self.participants.retain(|participant| participant != agent);
        Ok(())
    }

    fn require(&self, by: &str, verb: &str) -> Result<(), Refusal> {
        if self.has(by) {
            return Ok(());
        }
        Err(Refusal::bad_request(format!(
            "Agent {by} is not participating in thread {}.  Agents must be participants of a thread before they can \
             {verb} others.",
            self.id
        )))
    }

    /// What was said is gone; only the summary stays.
    pub(super) fn close(&mut self, summary: String) -> Result<(), Refusal> {
        if self.closed.is_some() {
            let sentence = format!("Thread {} cannot be closed because it is not open", self.id);
            return Err(Refusal::bad_request(sentence));
        }
        self.closed = Some(Closed { summary, at: Moment::now() });
        self.messages.clear();
        Ok(())
    }
}
