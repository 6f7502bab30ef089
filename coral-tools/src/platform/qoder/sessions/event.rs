//! Events of a session.

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader};

/// An event of a session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The event's id, from which a stream can continue; empty if the event has none.
    pub id: String,
    /// The type, with its fields.
    pub kind: EventKind,
    /// All other fields.
    pub extra: Map<String, Value>,
}

/// The type of an event, with its fields.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// `session.status_running`: the agent starts to work, or continues.
    Running,
    /// `session.status_idle`: the agent waits or has finished.
    #[non_exhaustive]
    Idle {
        /// `end_turn`, `requires_action`, `retries_exhausted`, `budget_reached` or `cancelled`. Older servers omit it.
        stop_reason: Option<String>,
        /// The ids of the calls whose results the session waits for.
        waiting_for: Vec<String>,
    },
    /// `session.status_terminated`: the session has ended.
    Terminated,
    /// `session.deleted`: the session was deleted.
    Deleted,
    /// `agent.custom_tool_use`: the agent calls a tool of the application.
    #[non_exhaustive]
    ToolCall {
        /// The tool's name.
        tool: String,
        /// The arguments.
        input: Value,
    },
    /// `agent.tool_use`, `agent.mcp_tool_use`: the agent calls a built-in tool of Qoder or a tool of an MCP server.
    #[non_exhaustive]
    PlatformToolCall {
        /// The tool's name.
        tool: Option<String>,
    },
    /// `agent.message`: a message of the agent.
    AgentMessage(String),
    /// `user.message`: a message of the user.
    UserMessage(String),
    /// `user.custom_tool_result`: the result of a call.
    #[non_exhaustive]
    ToolResult {
        /// The id of the call.
        call_id: String,
    },
    /// `user.interrupt`: a client stops the turn.
    Interrupted,
    /// `session.error`: an error, after which the session may continue.
    #[non_exhaustive]
    Error {
        /// Qoder's error type.
        code: Option<String>,
        /// Qoder's error message.
        message: String,
        /// `retrying`, `exhausted` or `terminal`.
        retry_status: Option<String>,
    },
    /// An event of another type, or one without its required fields; all fields are in [`Event::extra`].
    Other(String),
}

impl FromJson for Event {
    /// Accepts every object: a malformed event stays in a session forever, and must not make it unusable.
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut fields = ObjectReader::new(value)?;
        let id: String = fields.lenient("id").unwrap_or_default();
        let kind: String = fields.lenient("type").unwrap_or_default();
        let known = match kind.as_str() {
            "session.status_running" => Some(EventKind::Running),
            "session.status_idle" => Some(idle(&mut fields)),
            "session.status_terminated" | "terminated" => Some(EventKind::Terminated),
            "session.deleted" => Some(EventKind::Deleted),
            "agent.custom_tool_use" if !id.is_empty() => tool_call(&mut fields),
            "agent.tool_use" | "agent.mcp_tool_use" => {
                Some(EventKind::PlatformToolCall { tool: fields.lenient("name") })
            }
            "agent.message" => Some(EventKind::AgentMessage(content(&mut fields))),
            "user.message" => Some(EventKind::UserMessage(content(&mut fields))),
            "user.custom_tool_result" => tool_result(&mut fields),
            "user.interrupt" => Some(EventKind::Interrupted),
            "session.error" => Some(error(&mut fields)),
            _ => None,
        };
        Ok(Self { id, kind: known.unwrap_or(EventKind::Other(kind)), extra: fields.into_remaining() })
    }
}

fn tool_call(fields: &mut ObjectReader) -> Option<EventKind> {
    let tool = fields.lenient("name")?;
    Some(EventKind::ToolCall { tool, input: fields.take("input").unwrap_or_default() })
}

/// Older servers call the id `tool_use_id`.
fn tool_result(fields: &mut ObjectReader) -> Option<EventKind> {
    let call_id = fields.lenient("custom_tool_use_id").or_else(|| fields.lenient("tool_use_id"))?;
    Some(EventKind::ToolResult { call_id })
}

fn idle(fields: &mut ObjectReader) -> EventKind {
    let mut reason = take_object(fields, "stop_reason");
    EventKind::Idle {
        stop_reason: reason.lenient("type"),
        waiting_for: reason.lenient("event_ids").unwrap_or_default(),
    }
}

fn error(fields: &mut ObjectReader) -> EventKind {
    let mut error = take_object(fields, "error");
    EventKind::Error {
        code: error.lenient("type"),
        message: error.lenient("message").unwrap_or_else(|| "no message".to_owned()),
        retry_status: error.lenient_with("retry_status", |status| status.get("type")?.as_str().map(str::to_owned)),
    }
}

fn take_object(fields: &mut ObjectReader, key: &str) -> ObjectReader {
    fields.lenient_with(key, |value| ObjectReader::new(value.clone()).ok()).unwrap_or_default()
}

/// The text of a message: its text blocks, or the string that older servers send.
fn content(fields: &mut ObjectReader) -> String {
    let text = |block: &Value| block.get("text").and_then(Value::as_str).map(str::to_owned);
    let content = fields.lenient_with("content", |content| match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(blocks) => Some(blocks.iter().filter_map(text).collect()),
        _ => None,
    });
    content.unwrap_or_default()
}
