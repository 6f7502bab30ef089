//! Waiting for messages, with the events and log lines of the server.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::ScriptedAgent;
use crate::coral::kotlin_text::print_duration;
use crate::coral::logs::Level;
use crate::coral::session::{ConnectionStatus, Message, MessageFilter};
use crate::coral::timestamp::Timestamp;

/// The longest time that an agent may wait, in milliseconds.
const MAX_WAIT: i64 = 60_000;

/// Whether earlier messages end a wait.
#[derive(Debug, Clone, Copy)]
enum Replay {
    /// Only messages that the agent has not received yet.
    Never,
    Since(Timestamp),
}

impl ScriptedAgent {
    /// The next matching message that the agent has not received yet.
    pub(super) async fn next_message(&self, filters: &[MessageFilter]) -> Message {
        let take = || self.agent.take_message(|message| matches(filters, message));
        let waiting = self.start_wait(filters, Replay::Never, MAX_WAIT);
        let message = waiting.receive(take).await;
        waiting.finish();
        message
    }

    /// The first matching message since `since`; waits for it for up to `limit` milliseconds.
    pub(super) async fn wait_since(
        &self,
        since: Timestamp,
        limit: Option<i64>,
        filters: &[MessageFilter],
    ) -> Option<Message> {
        let limit = limit.unwrap_or(MAX_WAIT).min(MAX_WAIT);
        let first =
            || self.session.messages_since(self.name(), since).into_iter().find(|message| matches(filters, message));
        let Ok(millis @ 1..) = u64::try_from(limit) else {
            // The server does not even begin to wait.
            self.log_timeout(limit, filters);
            self.show_status(ConnectionStatus::Thinking);
            return None;
        };
        let waiting = self.start_wait(filters, Replay::Since(since), limit);
        let message = timeout(Duration::from_millis(millis), waiting.receive(first)).await.ok();
        if message.is_none() {
            self.log_timeout(limit, filters);
        }
        waiting.finish();
        message
    }

    fn log_timeout(&self, limit: i64, filters: &[MessageFilter]) {
        let sign = if limit < 0 { "-" } else { "" };
        let limit = print_duration(Duration::from_millis(limit.unsigned_abs()));
        let text = format!("timeout of {sign}{limit} occurred waiting for message that matches {}", join(filters));
        self.log(Level::Info, text);
    }

    /// Shows that the agent waits, in its status, events and log. `limit` is only logged.
    fn start_wait(&self, filters: &[MessageFilter], replay: Replay, limit: i64) -> Wait<'_> {
        self.log_replay(filters, replay);
        self.session.emit_wait_start(&self.agent, filters);
        self.show_status(ConnectionStatus::WaitingForMessage);
        Wait { agent: self, is_replayed: self.log_replayed(filters, replay, limit) }
    }

    fn log_replay(&self, filters: &[MessageFilter], replay: Replay) {
        let Replay::Since(since) = replay else { return };
        let wanted = match filters {
            [] => "any message from any agent".to_owned(),
            filters => format!("a message that matches filters [{}]", join(filters)),
        };
        let since = since.to_rfc3339();
        self.log(Level::Info, format!("attempting to wait for {wanted}, replaying messages after {since}"));
    }

    /// Logs how many messages are replayed. Returns whether one of them matches.
    fn log_replayed(&self, filters: &[MessageFilter], replay: Replay, limit: i64) -> bool {
        let replayed = match replay {
            Replay::Never => Vec::new(),
            Replay::Since(since) => self.session.messages_since(self.name(), since),
        };
        let is_found = replayed.iter().any(|message| matches(filters, message));
        let count = replayed.len();
        let text = match (count, is_found, replay) {
            (0, _, Replay::Never) => format!("waiting for new messages for {limit}ms..."),
            (0, _, Replay::Since(_)) => format!("no messages to replay, waiting for new messages for {limit}ms..."),
            (_, true, _) => format!("found a matching message in {count} replayed messages"),
            (_, false, _) => {
                format!("no matching messages found in {count} replayed messages, waiting for {limit}ms...")
            }
        };
        self.log(Level::Info, text);
        is_found
    }

    /// Sets and logs the status, if the agent is connected.
    fn show_status(&self, status: ConnectionStatus) {
        if let Some(previous) = self.agent.set_connection(status) {
            self.log(Level::Info, format!("communication status {previous} -> {status}"));
        }
    }
}

fn matches(filters: &[MessageFilter], message: &Message) -> bool {
    filters.iter().all(|filter| filter.matches(message))
}

fn join(filters: &[MessageFilter]) -> String {
    filters.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// An agent that waits, until this is dropped.
struct Wait<'a> {
    agent: &'a ScriptedAgent,
    /// Whether an earlier message ends it.
    is_replayed: bool,
}

impl Wait<'_> {
    /// Waits until `take` returns a message.
    async fn receive(&self, take: impl Fn() -> Option<Message>) -> Message {
        let ScriptedAgent { session, agent, .. } = self.agent;
        let since = Instant::now();
        let message = loop {
            let inbox_changed = agent.inbox_changed.notified();
            if let Some(message) = take() {
                break message;
            }
            inbox_changed.await;
        };
        if !self.is_replayed {
            let duration = print_duration(since.elapsed());
            self.agent.log(Level::Info, format!("found matching message: {} in {duration}", message.id));
        }
        session.emit_wait_stop(agent, &message);
        message
    }

    /// Shows that the agent does not wait, also in the log.
    fn finish(self) {
        self.agent.show_status(ConnectionStatus::Thinking);
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.agent.agent.set_connection(ConnectionStatus::Thinking);
    }
}
