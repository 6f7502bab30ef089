//! One event of a session, and what it means for the tools.

use serde_json::Value;

use super::super::wire::{Asked, Ended};
use crate::session::state::{Object, Read, StateError};

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
    TurnBegan {
        turn: Option<String>,
    },
    Input(String),
    Requested(Vec<Asked>),
    /// A call has its answer, from whomever; `lost` where the platform gave up on it.
    Completed {
        call: String,
        lost: bool,
    },
    /// The platform went on without an answer.
    Repaired(String),
    Said(String),
    Ended(Ended),
    Idled {
        turn: Option<String>,
    },
    /// Something about a budget; the status says what.
    Budget,
    Nothing,
}

impl Read for Event {
    fn read(value: Value) -> Result<Self, StateError> {
        let mut fields = Object::of(value)?;
        let kind: String = fields.required("type")?;
        let sequence = fields.take("sequence").and_then(|sequence| sequence.as_u64());
        let mut data = Object::of(fields.take("data").unwrap_or_else(|| Value::Object(Default::default())))?;
        let heard = heard(&kind, &mut data).map_err(|error| error.inside("data"))?;
        Ok(Self { id: fields.required("id")?, sequence, heard })
    }
}

/// Neither `tool.started` nor the calls in a message ask for anything: they name the platform's own tools, too.
fn heard(kind: &str, data: &mut Object) -> Result<Heard, StateError> {
    Ok(match kind {
        "turn.started" => Heard::TurnBegan { turn: data.optional("turn_id")? },
        "input.message" => Heard::Input(data.take("message").as_ref().map(text).unwrap_or_default()),
        "tool.call_requested" => {
            let calls: Vec<RequestedCall> = data.required("tool_calls")?;
            Heard::Requested(calls.into_iter().map(|call| call.0).collect())
        }
        "tool.completed" => {
            let status: Option<String> = data.optional("status")?;
            let lost = matches!(status.as_deref(), Some("timeout" | "cancelled"));
            Heard::Completed { call: data.required("tool_call_id")?, lost }
        }
        "transcript.repaired" => Heard::Repaired(data.required("tool_call_id")?),
        "output.message.completed" => Heard::Said(data.take("message").as_ref().map(text).unwrap_or_default()),
        "turn.completed" => Heard::Ended(Ended::Done),
        "turn.cancelled" => Heard::Ended(Ended::Cancelled),
        "turn.failed" => {
            let message: Option<String> = data.optional("error")?;
            let message = message.unwrap_or_else(|| "the platform says no more".to_owned());
            Heard::Ended(Ended::Failed { code: data.optional("error_code")?, message })
        }
        "turn.sealed" => {
            let detail: Option<String> = data.optional("detail")?;
            let message = detail.unwrap_or_else(|| "the platform stopped it".to_owned());
            Heard::Ended(Ended::Failed { code: data.optional("reason")?, message })
        }
        "session.idled" => Heard::Idled { turn: data.optional("turn_id")? },
        _ if kind.starts_with("budget.") => Heard::Budget,
        _ => Heard::Nothing,
    })
}

/// The text of a message, without its other parts.
fn text(message: &Value) -> String {
    let parts = message.get("content").and_then(Value::as_array).into_iter().flatten();
    let texts = parts.filter(|part| part.get("type").and_then(Value::as_str) == Some("text"));
    texts.filter_map(|part| part.get("text")?.as_str()).collect()
}

struct RequestedCall(Asked);

impl Read for RequestedCall {
    fn read(value: Value) -> Result<Self, StateError> {
        let mut fields = Object::of(value)?;
        let arguments = fields.take("arguments").unwrap_or(Value::Null).to_string().into_bytes();
        Ok(Self(Asked { id: fields.required("id")?, place: None, tool: fields.required("name")?, arguments }))
    }
}

/// A page of events, oldest first.
#[derive(Debug, Default)]
pub(super) struct Page(pub(super) Vec<Event>);

impl Read for Page {
    fn read(value: Value) -> Result<Self, StateError> {
        let events: Vec<Value> = match Object::of(value)?.take("data") {
            Some(Value::Array(events)) => events,
            _ => return Err(StateError::new("expected a list of events").inside("data")),
        };
        // One that cannot be read is none of those that matter here, which are plain.
        let read =
            |event| Event::read(event).map_err(|error| tracing::warn!(%error, "an event could not be read")).ok();
        let mut events: Vec<Event> = events.into_iter().filter_map(read).collect();
        events.sort_by_key(|event| event.sequence);
        Ok(Self(events))
    }
}
