//! The log of a server, which clients read over `/ws/v1/logs`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::lock::lock;
use super::timestamp::Timestamp;

/// The largest number of stored events.
const MAX_HISTORY: usize = 2048;

#[derive(Debug)]
pub(super) struct LogBuffer {
    history: Mutex<VecDeque<Arc<LogEvent>>>,
    live: broadcast::Sender<Arc<LogEvent>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Info,
    Warning,
    Debug,
    Error,
}

#[derive(Debug)]
pub(super) struct LogEvent {
    at: Timestamp,
    level: Level,
    text: String,
    subject: LogSubject,
    /// The cause of an error. A server has its stack trace here.
    cause: Option<String>,
}

/// The namespace, session and agent of an event.
#[derive(Debug, Clone, Default)]
pub(super) struct LogSubject {
    pub(super) namespace: Option<String>,
    pub(super) session: Option<String>,
    pub(super) agent: Option<String>,
    /// Whether an agent's program printed the text.
    pub(super) is_stdout: bool,
}

/// The filter of a client.
#[derive(Debug, Default)]
pub(super) struct LogFilter {
    pub(super) subject: LogSubject,
    pub(super) includes_sensitive: bool,
}

impl LogBuffer {
    pub(super) fn new(queue: usize) -> Self {
        Self { history: Mutex::default(), live: broadcast::Sender::new(queue) }
    }

    pub(super) fn write(&self, level: Level, subject: LogSubject, text: impl Into<String>) {
        self.append(LogEvent { at: Timestamp::now(), level, text: text.into(), subject, cause: None });
    }

    /// Writes an exception of the server. Its text does not contain the cause.
    pub(super) fn write_error(&self, subject: LogSubject, text: impl Into<String>, cause: impl Into<String>) {
        let (text, cause) = (text.into(), Some(cause.into()));
        self.append(LogEvent { at: Timestamp::now(), level: Level::Error, text, subject, cause });
    }

    fn append(&self, event: LogEvent) {
        let event = Arc::new(event);
        tracing::debug!(level = event.level_name(), text = event.text, cause = event.cause, "stand-in");
        let mut history = lock(&self.history);
        if history.len() == MAX_HISTORY {
            history.pop_front();
        }
        history.push_back(event.clone());
        // Sent under the lock, so that new subscribers get each event exactly once. There may be no subscriber.
        let _subscribers = self.live.send(event);
    }

    /// Returns the last matching events, at most `limit`, and a receiver of new ones.
    pub(super) fn follow(
        &self,
        filter: &LogFilter,
        limit: usize,
    ) -> (Vec<Arc<LogEvent>>, broadcast::Receiver<Arc<LogEvent>>) {
        let history = lock(&self.history);
        let mut last: Vec<_> =
            history.iter().rev().filter(|event| filter.matches(event)).take(limit).cloned().collect();
        last.reverse();
        (last, self.live.subscribe())
    }
}

impl LogFilter {
    pub(super) fn matches(&self, event: &LogEvent) -> bool {
        let matches = |filter: &Option<String>, value: &Option<String>| filter.is_none() || filter == value;
        let LogSubject { namespace, session, agent, is_stdout: _ } = &self.subject;
        (self.includes_sensitive || !event.is_sensitive())
            && matches(namespace, &event.subject.namespace)
            && matches(session, &event.subject.session)
            && matches(agent, &event.subject.agent)
    }
}

impl LogEvent {
    /// Servers treat debug events as sensitive, but not those of a session.
    fn is_sensitive(&self) -> bool {
        self.level == Level::Debug && self.subject.session.is_none()
    }

    fn level_name(&self) -> &'static str {
        match self.level {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Debug => "debug",
            Level::Error => "error",
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let LogSubject { namespace, session, agent, is_stdout } = &self.subject;
        let tag = |value: &Option<String>, kind: &str, key: &str, short: &str| {
            value.as_ref().map(|value| json!({"type": kind, key: value, "mdcMap": {short: value}}))
        };
        let sensitive = self.is_sensitive().then(|| json!({"type": "sensitive"}));
        let tags = [
            tag(namespace, "namespace", "namespace", "ns"),
            tag(session, "session", "sessionId", "sid"),
            tag(agent, "agent", "name", "agent"),
            is_stdout.then(|| json!({"type": "stdout", "io": "out", "mdcMap": {"io": "stdout"}})),
            sensitive,
        ];
        let tags: Vec<Value> = tags.into_iter().flatten().collect();
        let mut event =
            json!({"type": self.level_name(), "timestamp": self.at.to_rfc3339(), "text": self.text, "tags": tags});
        if let (Level::Error, Some(event)) = (self.level, event.as_object_mut()) {
            event.insert("exceptionStackTrace".into(), json!(self.cause.as_slice()));
        }
        event
    }
}
