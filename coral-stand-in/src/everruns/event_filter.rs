//! The query of event streams and event lists.

use serde_json::Value;

use super::rejection::Rejection;

/// The largest number of event types in a query.
const MAX_TYPES: usize = 25;
/// The event types that every server knows; others are rejected.
const KNOWN_TYPES: [&str; 23] = [
    "act.completed",
    "act.started",
    "input.message",
    "llm.generation",
    "output.message.completed",
    "output.message.delta",
    "output.message.started",
    "reason.completed",
    "reason.started",
    "reason.thinking.completed",
    "reason.thinking.delta",
    "reason.thinking.started",
    "session.activated",
    "session.idled",
    "session.started",
    "tool.call_requested",
    "tool.completed",
    "tool.output.delta",
    "tool.started",
    "turn.cancelled",
    "turn.completed",
    "turn.failed",
    "turn.started",
];

/// A parsed query.
#[derive(Debug, Default)]
pub(super) struct EventFilter {
    pub(super) since: Option<String>,
    pub(super) after: Option<usize>,
    pub(super) before: Option<usize>,
    pub(super) limit: Option<usize>,
    types: Vec<String>,
    exclude: Vec<String>,
}

impl EventFilter {
    pub(super) fn parse(query: &[(String, String)]) -> Result<Self, Rejection> {
        let mut filter = Self::default();
        for (name, value) in query {
            match name.as_str() {
                "since_id" => filter.since = Some(value.clone()),
                "after_sequence" => filter.after = Some(number(name, value)?),
                "before_sequence" => filter.before = Some(number(name, value)?),
                "limit" => filter.limit = Some(number(name, value)?),
                "types" => filter.types.push(known_type(value)?),
                "exclude" => filter.exclude.push(known_type(value)?),
                _ => (),
            }
        }
        if filter.since.is_some() && filter.after.is_some() {
            return Err(Rejection::bad_request("since_id and after_sequence are mutually exclusive"));
        }
        if filter.before.is_some() && filter.limit.is_none() {
            return Err(Rejection::bad_request("before_sequence requires limit to be set"));
        }
        if filter.before.is_some() && (filter.since.is_some() || filter.after.is_some()) {
            return Err(Rejection::bad_request("forward and backward cursors are mutually exclusive"));
        }
        if filter.types.len() > MAX_TYPES || filter.exclude.len() > MAX_TYPES {
            return Err(Rejection::bad_request(format!("at most {MAX_TYPES} event types")));
        }
        if filter.limit.is_some_and(|limit| !(1..=1000).contains(&limit)) {
            return Err(Rejection::bad_request("limit must be between 1 and 1000"));
        }
        Ok(filter)
    }

    pub(super) fn matches(&self, event: &Value) -> bool {
        let is_type = |kind: &String| event["type"] == kind.as_str();
        (self.types.is_empty() || self.types.iter().any(is_type)) && !self.exclude.iter().any(is_type)
    }
}

fn number(name: &str, value: &str) -> Result<usize, Rejection> {
    value.parse().map_err(|_| Rejection::bad_request(format!("{name} must be a number")))
}

fn known_type(kind: &str) -> Result<String, Rejection> {
    if KNOWN_TYPES.contains(&kind) {
        Ok(kind.to_owned())
    } else {
        Err(Rejection::bad_request(format!("unknown event type {kind}")))
    }
}
