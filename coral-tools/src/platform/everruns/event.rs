//! Events of a session, and the parts of them that matter for tools.

use serde_json::Value;

use crate::json::{DecodeError, FromJson, ObjectReader};
use crate::platform::event::{ToolCall, TurnOutcome};
use crate::platform::everruns::message_text::{message_text, parts_text};
use crate::platform::everruns::user_message::UserMessage;
use crate::telemetry::{CallFields, call_event};

/// An event of a session.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SessionEvent {
    pub(super) id: String,
    /// `None` for events that the platform does not store.
    pub(super) sequence: Option<u64>,
    pub(super) kind: SessionEventKind,
}

/// The type of an event, with its data.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SessionEventKind {
    /// A turn runs or is about to start.
    Activated,
    TurnStarted {
        turn: Option<String>,
    },
    TurnEnded {
        turn: Option<String>,
        outcome: TurnOutcome,
    },
    /// The session is idle.
    Idled {
        turn: Option<String>,
    },
    UserMessage(UserMessage),
    AgentMessage(String),
    ToolCallsRequested(Vec<ToolCall>),
    /// A call has a result, from any client; `is_lost` if the platform gave up waiting for it.
    ToolCompleted {
        call_id: String,
        is_lost: bool,
        text: Option<String>,
    },
    /// The platform continued without the result of a call.
    TranscriptRepaired {
        call_id: String,
    },
    /// Concerns a budget. Whether the session is paused is in its status.
    Budget,
    /// Does not matter for tools.
    Other,
}

impl FromJson for SessionEvent {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        let kind: String = fields.required("type")?;
        let sequence = fields.take("sequence").and_then(|sequence| sequence.as_u64());
        let data = fields.take("data").unwrap_or_else(|| Value::Object(Default::default()));
        let kind = ObjectReader::new(data)
            .and_then(|mut data| SessionEventKind::from_data(&kind, &mut data))
            .map_err(|error| error.in_field("data"))?;
        Ok(Self { id: fields.required("id")?, sequence, kind })
    }
}

impl SessionEventKind {
    /// Calls are read from `tool.call_requested` alone: `tool.started` and messages also name the platform's own tools.
    fn from_data(kind: &str, data: &mut ObjectReader) -> Result<Self, DecodeError> {
        Ok(match kind {
            "session.activated" => Self::Activated,
            "session.idled" => Self::Idled { turn: turn_id(data) },
            "turn.started" => Self::TurnStarted { turn: turn_id(data) },
            "turn.completed" => Self::TurnEnded { turn: turn_id(data), outcome: TurnOutcome::Done },
            // Older servers write the id of another turn.
            "turn.cancelled" => Self::TurnEnded { turn: None, outcome: TurnOutcome::Cancelled },
            "turn.failed" => {
                let outcome = failed(data, "error_code", "error", "the platform gives no reason")?;
                Self::TurnEnded { turn: turn_id(data), outcome }
            }
            "turn.sealed" => {
                let outcome = failed(data, "reason", "detail", "the platform stopped it")?;
                Self::TurnEnded { turn: turn_id(data), outcome }
            }
            "input.message" => {
                Self::UserMessage(data.take("message").as_ref().map(UserMessage::from_json).unwrap_or_default())
            }
            "output.message.completed" => {
                Self::AgentMessage(data.take("message").as_ref().map(message_text).unwrap_or_default())
            }
            "tool.call_requested" => match data.take("tool_calls") {
                Some(Value::Array(calls)) => Self::ToolCallsRequested(calls.iter().filter_map(tool_call).collect()),
                _ => return Err(DecodeError::new("expected a list of calls").in_field("tool_calls")),
            },
            "tool.completed" => {
                let status: Option<String> = data.optional("status")?;
                let is_lost = matches!(status.as_deref(), Some("timeout" | "cancelled"));
                Self::ToolCompleted { call_id: data.required("tool_call_id")?, is_lost, text: result_text(data) }
            }
            "transcript.repaired" => Self::TranscriptRepaired { call_id: data.required("tool_call_id")? },
            _ if kind.starts_with("budget.") => Self::Budget,
            _ => Self::Other,
        })
    }
}

fn turn_id(data: &mut ObjectReader) -> Option<String> {
    string(data.take("turn_id")?)
}

fn failed(
    data: &mut ObjectReader,
    code: &str,
    message: &str,
    default_message: &str,
) -> Result<TurnOutcome, DecodeError> {
    let message: Option<String> = data.optional(message)?;
    let message = message.unwrap_or_else(|| default_message.to_owned());
    Ok(TurnOutcome::Failed { code: data.optional(code)?, message })
}

/// The result of a call as the agent reads it, if the event contains it.
fn result_text(data: &mut ObjectReader) -> Option<String> {
    match (data.take("error"), data.take("result")) {
        (Some(error), _) => string(error),
        (None, Some(parts @ Value::Array(_))) => Some(parts_text(&parts)),
        (None, Some(text)) => string(text),
        (None, None) => None,
    }
}

fn string(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Reads a call. Without a name it is a call of an unknown tool, which gets an error as its result; without an id it cannot get
/// a result.
fn tool_call(call: &Value) -> Option<ToolCall> {
    let string = |key: &str| call.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(id) = string("id") else {
        let call = CallFields { tool: call.get("name").and_then(Value::as_str), ..CallFields::default() };
        call_event!(warn, call, "ignoring a call without an id: it cannot get a result");
        return None;
    };
    let arguments = call.get("arguments").unwrap_or(&Value::Null).to_string().into_bytes();
    Some(ToolCall { id, sequence: None, tool: string("name").unwrap_or_default(), arguments })
}

/// A page of events, oldest first.
#[derive(Debug)]
pub(super) struct EventPage {
    pub(super) events: Vec<SessionEvent>,
    /// The errors of malformed events, which are ignored.
    pub(super) malformed: Vec<DecodeError>,
}

impl FromJson for EventPage {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let events: Vec<Value> = match ObjectReader::new(value)?.take("data") {
            Some(Value::Array(events)) => events,
            _ => return Err(DecodeError::new("expected a list of events").in_field("data")),
        };
        // The events that matter for tools are simple, so a malformed event is of another kind.
        let (mut valid, mut malformed) = (Vec::new(), Vec::new());
        for event in events {
            match SessionEvent::from_json(event) {
                Ok(event) => valid.push(event),
                Err(error) => malformed.push(error),
            }
        }
        valid.sort_by_key(|event| event.sequence);
        Ok(Self { events: valid, malformed })
    }
}
