//! [`Delivery`]: when an agent receives the result of a call.

use std::time::Duration;

use serde_json::{Map, Value, json};

/// How long the result of a deferred call is kept, unless the tool sets another time.
const DEFAULT_RETENTION: Duration = Duration::from_secs(10 * 60);

/// The longest time for which a result is kept, as in `#[coral_tool(once = "…")]`.
const MAX_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// The end of the name of a tool that returns the results of tickets.
const RESULT_SUFFIX: &str = "_result";

/// The longest name of a tool.
const MAX_NAME: usize = 64;

const TTL_DESCRIPTION: &str = "How long after its creation the ticket expires if there is no result by then, in milliseconds. A result \
                               may expire earlier.";

/// When an agent receives the result of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// In the response.
    Immediate,
    /// In the response; it is kept for this time for repetitions of the call.
    Once(Duration),
    /// In the response, or later for a ticket; it is kept for this time.
    Deferred(Duration),
    /// The tool returns the results of the tickets of this other tool.
    OfTickets(String),
}

impl Delivery {
    pub(super) fn new(is_deferred: bool, once: Option<Duration>) -> Self {
        match (is_deferred, once.map(|once| once.min(MAX_RETENTION))) {
            (true, once) => Self::Deferred(once.unwrap_or(DEFAULT_RETENTION)),
            (false, Some(window)) => Self::Once(window),
            (false, None) => Self::Immediate,
        }
    }

    /// Returns how long the result of a ticket is kept.
    pub(crate) fn retention(&self) -> Duration {
        match self {
            Self::Once(time) | Self::Deferred(time) => *time,
            Self::Immediate | Self::OfTickets(_) => DEFAULT_RETENTION,
        }
    }
}

/// Returns the name of the tool that returns the results of the tickets of `tool`.
pub(crate) fn result_tool_name(tool: &str) -> String {
    let longest = MAX_NAME - RESULT_SUFFIX.len();
    let end = tool.char_indices().map(|(start, char)| start + char.len_utf8()).take_while(|end| *end <= longest).last();
    format!("{}{RESULT_SUFFIX}", &tool[..end.unwrap_or(0)])
}

/// Returns the description of a tool whose result may be a ticket.
pub(super) fn describe_deferred(description: &str, result_tool: &str) -> String {
    format!(
        "{description}\n\nIf the result takes long, this tool returns a `ticket` instead: call `{result_tool}` with its id to get the \
         result. Do not call this tool again for the same result."
    )
}

/// Returns the description of a tool whose calls a person may have to approve.
pub(super) fn describe_approval(description: &str, result_tool: &str) -> String {
    format!(
        "{description}\n\nA person may have to approve a call. Then this tool returns a `ticket` instead: call `{result_tool}` with its id \
         to get the result. Do not call this tool again for the same result."
    )
}

pub(super) fn describe_result_tool(tool: &str) -> String {
    format!(
        "Returns the result of an earlier call of `{tool}` that returned a ticket. If the result is still not ready after some \
         seconds, it returns the ticket again."
    )
}

/// Returns the schema of the arguments of a tool that returns the results of tickets.
pub(super) fn result_tool_input(tool: &str) -> Value {
    let description = format!("The id of the ticket that `{tool}` returned.");
    json!({
        "type": "object",
        "properties": { "ticket": { "type": "string", "description": description } },
        "required": ["ticket"],
    })
}

/// Returns the schema of a result that may be a ticket: an object with the properties of either.
///
/// A union or a description at the top level would be more exact, but coral-server accepts neither.
pub(super) fn with_ticket(mut schema: Map<String, Value>) -> Map<String, Value> {
    let required = schema.remove("required");
    let required: Vec<&str> = required.iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect();
    let description = match required.is_empty() {
        true => "Instead of the result, if that is not ready yet: the ticket for it.".to_owned(),
        false => format!("Instead of `{}`, if the result is not ready yet: the ticket for it.", required.join("`, `")),
    };
    let ticket = json!({
        "type": "object",
        "description": description,
        "properties": {
            "id": { "type": "string" },
            "status": { "type": "string", "enum": ["working", "input_required"] },
            "statusMessage": { "type": "string" },
            "ttlMs": { "type": "integer", "description": TTL_DESCRIPTION },
            "pollIntervalMs": { "type": "integer", "description": "How long to wait before asking for the result, in milliseconds." },
        },
        "required": ["id", "status", "statusMessage", "ttlMs", "pollIntervalMs"],
        "additionalProperties": false,
    });
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("ticket".to_owned(), ticket);
    }
    schema
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Delivery, result_tool_name};

    #[test]
    fn a_result_is_kept_for_ten_minutes_or_for_up_to_a_day() {
        let (minute, day) = (Duration::from_secs(60), Duration::from_secs(86_400));
        assert_eq!(Delivery::new(true, None), Delivery::Deferred(10 * minute));
        assert_eq!(Delivery::new(true, Some(2 * minute)), Delivery::Deferred(2 * minute));
        assert_eq!(Delivery::new(false, Some(day)), Delivery::Once(day));
        assert_eq!(Delivery::new(false, Some(day + minute)), Delivery::Once(day));
        assert_eq!(Delivery::new(false, None), Delivery::Immediate);
        let kept =
            [Delivery::Once(minute), Delivery::Deferred(day), Delivery::Immediate, Delivery::OfTickets("a".into())];
        assert_eq!(kept.map(|delivery| delivery.retention()), [minute, day, 10 * minute, 10 * minute]);
    }

    #[test]
    fn the_name_of_a_result_tool_has_at_most_64_characters() {
        assert_eq!(result_tool_name("review"), "review_result");
        assert_eq!(result_tool_name(&"a".repeat(57)), format!("{}_result", "a".repeat(57)));
        assert_eq!(result_tool_name(&"a".repeat(64)), format!("{}_result", "a".repeat(57)));
    }
}
