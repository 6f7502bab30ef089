//! What a client wants of the events: the query of streams and of lists.

use serde_json::Value;

use super::refusal::Refusal;

/// So many kinds may be named at most.
const MOST_KINDS: usize = 25;
/// The kinds that even an old server knows; others are refused.
const KINDS: [&str; 23] = [
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

/// The query, read.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) since: Option<String>,
    pub(super) after: Option<usize>,
    pub(super) before: Option<usize>,
    pub(super) limit: Option<usize>,
    types: Vec<String>,
    exclude: Vec<String>,
}

impl Filter {
    pub(super) fn of(query: &[(String, String)]) -> Result<Self, Refusal> {
        let mut filter = Self::default();
        for (name, value) in query {
            match name.as_str() {
                "since_id" => filter.since = Some(value.clone()),
                "after_sequence" => filter.after = Some(number(name, value)?),
                "before_sequence" => filter.before = Some(number(name, value)?),
                "limit" => filter.limit = Some(number(name, value)?),
                "types" => filter.types.push(known(value)?),
                "exclude" => filter.exclude.push(known(value)?),
                _ => (),
            }
        }
        if filter.since.is_some() && filter.after.is_some() {
            return Err(Refusal::bad_request("since_id and after_sequence are mutually exclusive"));
        }
        if filter.before.is_some() && filter.limit.is_none() {
            return Err(Refusal::bad_request("before_sequence requires limit to be set"));
        }
        if filter.before.is_some() && (filter.since.is_some() || filter.after.is_some()) {
            return Err(Refusal::bad_request("forward and backward cursors are mutually exclusive"));
        }
        if filter.types.len() > MOST_KINDS || filter.exclude.len() > MOST_KINDS {
            return Err(Refusal::bad_request(format!("at most {MOST_KINDS} event types")));
        }
        if filter.limit.is_some_and(|limit| !(1..=1000).contains(&limit)) {
            return Err(Refusal::bad_request("limit must be between 1 and 1000"));
        }
        Ok(filter)
    }

    pub(super) fn lets(&self, event: &Value) -> bool {
        let is = |kind: &String| event["type"] == kind.as_str();
        (self.types.is_empty() || self.types.iter().any(is)) && !self.exclude.iter().any(is)
    }
}

fn number(name: &str, value: &str) -> Result<usize, Refusal> {
    value.parse().map_err(|_| Refusal::bad_request(format!("{name} must be a number")))
}

fn known(kind: &str) -> Result<String, Refusal> {
    if KINDS.contains(&kind) {
        Ok(kind.to_owned())
    } else {
        Err(Refusal::bad_request(format!("unknown event type {kind}")))
    }
}
