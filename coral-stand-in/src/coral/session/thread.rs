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

/// A rejected action on a thread, with the line that the server logs about it.
#[derive(Debug)]
pub(super) struct RejectedAction {
    pub(super) rejection: Rejection,
    pub(super) warning: Option<String>,
}

impl RejectedAction {
    fn new(rejection: Rejection, warning: String) -> Self {
        Self { rejection, warning: Some(warning) }
    }
}

impl From<Rejection> for RejectedAction {
    fn from(rejection: Rejection) -> Self {
        Self { rejection, warning: None }
    }
}

/// An agent that a message mentions.
#[derive(Debug)]
pub(super) struct Mention<'a> {
    pub(super) name: &'a str,
    /// The agent, as the log shows it.
    pub(super) shown: String,
}

fn join<'a>(mentions: impl IntoIterator<Item = &'a Mention<'a>>) -> String {
    mentions.into_iter().map(|mention| mention.shown.as_str()).collect::<Vec<_>>().join(", ")
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
    pub(super) fn check_message(&self, sender: &str, mentions: &[Mention<'_>]) -> Result<(), RejectedAction> {
        let id = &self.id;
        if let Some(closing) = &self.closed {
            let rejection = Rejection::bad_request(format!("Cannot send messages to thread {id} because it is closed"));
            let warning =
                format!("tried to send message into thread {id} which was closed with summary \"{}\"", closing.summary);
            return Err(RejectedAction::new(rejection, warning));
        }
        if mentions.iter().any(|mention| mention.name == sender) {
            let others = match mentions {
                [] | [_] => String::new(),
                // The server leaves out the first one, which may be another agent.
                [_, others @ ..] => format!(" and: {}", join(others)),
            };
            let warning = format!("tried to send message into thread {id} that mentioned myself{others}");
            return Err(RejectedAction::new(Rejection::bad_request("Messages cannot mention the sender"), warning));
        }
        let outside: Vec<&Mention<'_>> = mentions.iter().filter(|mention| !self.has(mention.name)).collect();
        if !outside.is_empty() {
            let names = outside.iter().map(|mention| mention.name).collect::<Vec<_>>().join(", ");
            let message = format!("Cannot mention agents ({names}) as they are not participants of thread {id}");
            let warning = format!(
                "tried to send message into thread {id} that mentioned the following non-participating agents: {}",
                join(outside)
            );
            return Err(RejectedAction::new(Rejection::not_found(message), warning));
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

    pub(super) fn add(&mut self, by: &str, agent: &str) -> Result<(), RejectedAction> {
        let id = &self.id;
        self.require_participant(by, "add", &format!("tried to add \"{agent}\" to thread {id}"))?;
        if self.has(agent) {
            return Err(RejectedAction::new(
                Rejection::bad_request(format!("Agent {agent} is already participating in thread {id}")),
                format!("tried to add already-participating agent \"{agent}\" to thread {id}"),
            ));
        }
        self.participants.push(agent.to_owned());
        Ok(())
    }

    pub(super) fn remove(&mut self, by: &str, agent: &str) -> Result<(), RejectedAction> {
        let id = &self.id;
        self.require_participant(by, "remove", &format!("tried to remove \"{agent}\" from thread {id}"))?;
        if !self.has(agent) {
            return Err(RejectedAction::new(
                Rejection::bad_request(format!("Agent {agent} is not participating in thread {id}")),
                format!("tried to remove non-participating agent \"{agent}\" from thread {id}"),
            ));
        }
        self.participants.retain(|participant| participant != agent);
        Ok(())
    }

    fn require_participant(&self, by: &str, verb: &str, tried: &str) -> Result<(), RejectedAction> {
        if self.has(by) {
            return Ok(());
        }
        let rejection = Rejection::bad_request(format!(
            "Agent {by} is not participating in thread {}.  Agents must be participants of a thread before they can \
             {verb} others.",
            self.id
        ));
        Err(RejectedAction::new(rejection, format!("{tried} which {by} is not a participant of")))
    }

    /// Deletes the messages and keeps the summary.
    pub(super) fn close(&mut self, summary: String) -> Result<(), RejectedAction> {
        let id = &self.id;
        if let Some(closing) = &self.closed {
            let rejection = Rejection::bad_request(format!("Thread {id} cannot be closed because it is not open"));
            let warning = format!(
                "tried to close already closed thread {id}, previously closed with summary {} (tried closing with new \
                 summary \"{summary}\")",
                closing.summary
            );
            return Err(RejectedAction::new(rejection, warning));
        }
        self.closed = Some(ThreadClosing { summary, at: Timestamp::now() });
        self.messages.clear();
        Ok(())
    }
}
