//! Threads and the messages in them.

use std::time::SystemTime;

use uuid::Uuid;

use crate::coral::rejection::Rejection;
use crate::coral::timestamp::Timestamp;

/// The largest number of messages in a thread.
const MAX_MESSAGES: usize = 100_000;

#[derive(Debug, Clone)]
pub(in crate::coral) struct Thread {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) creator: String,
    pub(super) participants: Vec<String>,
    pub(super) messages: Vec<Message>,
    pub(super) closed: Option<ThreadClosing>,
    pub(super) created: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) struct ThreadClosing {
    pub(super) summary: String,
    pub(super) at: Timestamp,
}

/// A message that an agent received.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// The id of the message.
    pub id: String,
    /// The id of the thread.
    pub thread_id: String,
    /// The name of the agent that sent it.
    pub sender: String,
    /// The text of the message.
    pub text: String,
    /// The names of the mentioned agents.
    pub mentions: Vec<String>,
    /// The time of sending.
    pub sent_at: SystemTime,
}

impl Message {
    pub(super) fn new(thread_id: &str, sender: &str, text: &str, mentions: Vec<String>, sent_at: SystemTime) -> Self {
        let (thread_id, sender, text) = (thread_id.to_owned(), sender.to_owned(), text.to_owned());
        Self { id: new_id(), thread_id, sender, text, mentions, sent_at }
    }
}

impl Message {
    /// Whether the event of the message follows those of the agents that received it. Its id is random.
    pub(super) fn has_late_event(&self) -> bool {
        self.id.ends_with(|digit: char| digit.to_digit(16).is_some_and(|digit| digit % 2 == 1))
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
            created: Timestamp::now(),
        }
    }

    fn has(&self, agent: &str) -> bool {
        self.participants.iter().any(|participant| participant == agent)
    }

    /// Checks that `sender` may send a message with these mentions.
    pub(super) fn check_message(&self, sender: &str, mentions: &[String]) -> Result<(), Rejection> {
        let id = &self.id;
        if self.closed.is_some() {
            return Err(Rejection::bad_request(format!("Cannot send messages to thread {id} because it is closed")));
        }
        if mentions.iter().any(|mention| mention == sender) {
            return Err(Rejection::bad_request("Messages cannot mention the sender"));
        }
        let outside: Vec<&str> = mentions.iter().map(String::as_str).filter(|agent| !self.has(agent)).collect();
        if !outside.is_empty() {
            let outside = outside.join(", ");
            let message = format!("Cannot mention agents ({outside}) as they are not participants of thread {id}");
            return Err(Rejection::not_found(message));
        }
        Ok(())
    }

    pub(super) fn put(&mut self, message: Message) -> Result<(), Rejection> {
        if self.messages.len() == MAX_MESSAGES {
            return Err(Rejection::unexpected(format!("Thread {} holds all the messages that it can", self.id)));
        }
        self.messages.push(message);
        Ok(())
    }

    pub(super) fn add(&mut self, by: &str, agent: &str) -> Result<(), Rejection> {
        self.require_participant(by, "add")?;
        if self.has(agent) {
            let id = &self.id;
            return Err(Rejection::bad_request(format!("Agent {agent} is already participating in thread {id}")));
        }
        self.participants.push(agent.to_owned());
        Ok(())
    }

    pub(super) fn remove(&mut self, by: &str, agent: &str) -> Result<(), Rejection> {
        self.require_participant(by, "remove")?;
        if !self.has(agent) {
            let id = &self.id;
            return Err(Rejection::bad_request(format!("Agent {agent} is not participating in thread {id}")));
        }
        self.participants.retain(|participant| participant != agent);
        Ok(())
    }

    fn require_participant(&self, by: &str, verb: &str) -> Result<(), Rejection> {
        if self.has(by) {
            return Ok(());
        }
        Err(Rejection::bad_request(format!(
            "Agent {by} is not participating in thread {}.  Agents must be participants of a thread before they can \
             {verb} others.",
            self.id
        )))
    }

    /// Deletes the messages and keeps the summary.
    pub(super) fn close(&mut self, summary: String) -> Result<(), Rejection> {
        if self.closed.is_some() {
            let message = format!("Thread {} cannot be closed because it is not open", self.id);
            return Err(Rejection::bad_request(message));
        }
        self.closed = Some(ThreadClosing { summary, at: Timestamp::now() });
        self.messages.clear();
        Ok(())
    }
}
