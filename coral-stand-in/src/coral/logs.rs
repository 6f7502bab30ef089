//! What a server writes down, and shows over `/ws/v1/logs`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::lock::lock;
use super::moment::Moment;

/// How many events are kept for those who ask later.
const KEPT: usize = 2048;

#[derive(Debug)]
pub(super) struct Logs {
    kept: Mutex<VecDeque<Arc<LogEvent>>>,
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
    at: Moment,
    level: Level,
    text: String,
    about: About,
}

/// What an event is about.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    pub(super) namespace: Option<String>,
    pub(super) session: Option<String>,
    pub(super) agent: Option<String>,
}

/// Which events are asked for.
#[derive(Debug, Default)]
pub(super) struct LogFilter {
    pub(super) about: About,
    pub(super) sensitive: bool,
}

impl Logs {
    pub(super) fn new(queue: usize) -> Self {
        Self { kept: Mutex::default(), live: broadcast::Sender::new(queue) }
    }

    pub(super) fn write(&self, level: Level, about: About, text: impl Into<String>) {
        let event = Arc::new(LogEvent { at: Moment::now(), level, text: text.into(), about });
        tracing::debug!(level = event.word(), text = event.text, "stand-in");
        let mut kept = lock(&self.kept);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(event.clone());
        // Nobody has to listen. Sent under the lock, so that whoever subscribes misses nothing and hears nothing twice.
        let _listeners = self.live.send(event);
    }

    /// The last events that pass, at most `limit`, and those to come.
    pub(super) fn follow(
        &self,
        filter: &LogFilter,
        limit: usize,
    ) -> (Vec<Arc<LogEvent>>, broadcast::Receiver<Arc<LogEvent>>) {
        let kept = lock(&self.kept);
        let mut past: Vec<_> = kept.iter().rev().filter(|event| filter.passes(event)).take(limit).cloned().collect();
        past.reverse();
        (past, self.live.subscribe())
    }
}

impl LogFilter {
    pub(super) fn passes(&self, event: &LogEvent) -> bool {
        let same = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        let About { namespace, session, agent } = &self.about;
        (self.sensitive || !event.is_sensitive())
            && same(namespace, &event.about.namespace)
            && same(session, &event.about.session)
            && same(agent, &event.about.agent)
    }
}

impl LogEvent {
    /// Servers take details for sensitive.
    fn is_sensitive(&self) -> bool {
        self.level == Level::Debug
    }

    fn word(&self) -> &'static str {
        match self.level {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Debug => "debug",
            Level::Error => "error",
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let About { namespace, session, agent } = &self.about;
        let tag = |value: &Option<String>, kind: &str, key: &str, short: &str| {
            value.as_ref().map(|value| json!({"type": kind, key: value, "mdcMap": {short: value}}))
        };
        let sensitive = self.is_sensitive().then(|| json!({"type": "sensitive"}));
        let tags = [
            tag(namespace, "namespace", "namespace", "ns"),
            tag(session, "session", "sessionId", "sid"),
            tag(agent, "agent", "name", "agent"),
            sensitive,
        ];
        let tags: Vec<Value> = tags.into_iter().flatten().collect();
        let mut event = json!({"type": self.word(), "timestamp": self.at.text(), "text": self.text, "tags": tags});
        if let (Level::Error, Some(event)) = (self.level, event.as_object_mut()) {
            event.insert("exceptionStackTrace".into(), json!([]));
        }
        event
    }
}
