//! One event of a session, and what it means for the tools.

use serde_json::Value;

use super::content::{text, texts};
use super::user_message::Input;
use crate::json::{DecodeError, FromJson, ObjectReader};
use crate::platform::event::{ToolCall, TurnOutcome};

/// An event as it came.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) id: String,
    /// Its place among the events that are kept; those that are not have none.
    pub(super) sequence: Option<u64>,
    pub(super) heard: Heard,
}

/// What an event means here.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heard {
    /// A turn runs, or is about to.
    Activated,
    TurnBegan {
        turn: Option<String>,
    },
    Input(Input),
    Requested(Vec<ToolCall>),
    /// A call has its answer, from whomever; `lost` where the platform gave up on it.
    Completed {
        call: String,
        lost: bool,
        text: Option<String>,
    },
    /// The platform went on without an answer.
    Repaired(String),
    Said(String),
    Ended {
        turn: Option<String>,
        ended: TurnOutcome,
    },
    Idled {
        turn: Option<String>,
    },
    /// Something about a budget; the status says what.
    Budget,
    Nothing,
}

impl FromJson for Event {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        let kind: String = fields.required("type")?;
        let sequence = fields.take("sequence").and_then(|sequence| sequence.as_u64());
        let mut data = ObjectReader::new(fields.take("data").unwrap_or_else(|| Value::Object(Default::default())))?;
        let heard = heard(&kind, &mut data).map_err(|error| error.in_field("data"))?;
        Ok(Self { id: fields.required("id")?, sequence, heard })
    }
}

/// Neither `tool.started` nor the calls in a message ask for anything: they name the platform's own tools, too.
fn heard(kind: &str, data: &mut ObjectReader) -> Result<Heard, DecodeError> {
    Ok(match kind {
        "session.activated" => Heard::Activated,
        "turn.started" => Heard::TurnBegan { turn: turn(data) },
        "input.message" => Heard::Input(data.take("message").as_ref().map(Input::of).unwrap_or_default()),
        "tool.call_requested" => match data.take("tool_calls") {
            Some(Value::Array(calls)) => Heard::Requested(calls.iter().filter_map(call).collect()),
            _ => return Err(DecodeError::new("expected a list of calls").in_field("tool_calls")),
        },
        "tool.completed" => {
            let status: Option<String> = data.optional("status")?;
            let lost = matches!(status.as_deref(), Some("timeout" | "cancelled"));
            Heard::Completed { call: data.required("tool_call_id")?, lost, text: answer(data) }
        }
        "transcript.repaired" => Heard::Repaired(data.required("tool_call_id")?),
        "output.message.completed" => Heard::Said(data.take("message").as_ref().map(text).unwrap_or_default()),
        "turn.completed" => Heard::Ended { turn: turn(data), ended: TurnOutcome::Done },
        // Older servers say another turn than the one that they mean.
        "turn.cancelled" => Heard::Ended { turn: None, ended: TurnOutcome::Cancelled },
        "turn.failed" => {
            let message: Option<String> = data.optional("error")?;
            let message = message.unwrap_or_else(|| "the platform says no more".to_owned());
            let ended = TurnOutcome::Failed { code: data.optional("error_code")?, message };
            Heard::Ended { turn: turn(data), ended }
        }
        "turn.sealed" => {
            let detail: Option<String> = data.optional("detail")?;
            let message = detail.unwrap_or_else(|| "the platform stopped it".to_owned());
            let ended = TurnOutcome::Failed { code: data.optional("reason")?, message };
            Heard::Ended { turn: turn(data), ended }
        }
        "session.idled" => Heard::Idled { turn: turn(data) },
        _ if kind.starts_with("budget.") => Heard::Budget,
        _ => Heard::Nothing,
    })
}

fn turn(data: &mut ObjectReader) -> Option<String> {
    string(data.take("turn_id")?)
}

/// What the agent reads of a call that is done, where it is said.
fn answer(data: &mut ObjectReader) -> Option<String> {
    match (data.take("error"), data.take("result")) {
        (Some(error), _) => string(error),
        (None, Some(parts @ Value::Array(_))) => Some(texts(&parts)),
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

/// One call. What lacks anything but its id is the call of no tool, and so is answered with an error; what lacks that cannot
/// be answered.
fn call(call: &Value) -> Option<ToolCall> {
    let string = |key: &str| call.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(id) = string("id") else {
        tracing::warn!("a call without an id cannot be answered");
        return None;
    };
    let arguments = call.get("arguments").unwrap_or(&Value::Null).to_string().into_bytes();
    Some(ToolCall { id, sequence: None, tool: string("name").unwrap_or_default(), arguments })
}

/// A page of events, oldest first.
#[derive(Debug, Default)]
pub(super) struct Page(pub(super) Vec<Event>);

impl FromJson for Page {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let events: Vec<Value> = match ObjectReader::new(value)?.take("data") {
            Some(Value::Array(events)) => events,
            _ => return Err(DecodeError::new("expected a list of events").in_field("data")),
        };
        // One that cannot be read is none of those that matter here, which are plain.
        let read =
            |event| Event::from_json(event).map_err(|error| tracing::warn!(%error, "an event could not be read")).ok();
        let mut events: Vec<Event> = events.into_iter().filter_map(read).collect();
        events.sort_by_key(|event| event.sequence);
        Ok(Self(events))
    }
}
