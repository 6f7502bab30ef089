//! What is told in a session.

use serde_json::{Map, Value};

use crate::platform::qoder::view::{Fields, View};

/// Something that is told in a session, by the agent, the application or Qoder.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Its id; a stream goes on after it. Empty where it has none.
    pub id: String,
    /// What it tells.
    pub kind: EventKind,
    /// Everything else.
    pub extra: Map<String, Value>,
}

/// What an event tells.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// The agent begins to work, or goes on. `session.status_running`.
    Running,
    /// The agent waits, or is done. `session.status_idle`.
    Idle {
        /// Why: `end_turn`, `requires_action`, `retries_exhausted`, `budget_reached`, `cancelled`. Older servers do not say.
        reason: Option<String>,
        /// The calls whose answers it waits for.
        waits_for: Vec<String>,
    },
    /// The session is over. `session.status_terminated`.
    Terminated,
    /// The session is gone. `session.deleted`.
    Deleted,
    /// The agent calls a tool of the application. `agent.custom_tool_use`.
    Call {
        /// The tool's name.
        tool: String,
        /// The arguments.
        input: Value,
    },
    /// The agent uses a tool of its own, or an MCP server's. `agent.tool_use`, `agent.mcp_tool_use`.
    OwnTool {
        /// The tool's name, where it is given.
        tool: Option<String>,
    },
    /// The agent says something. `agent.message`.
    Said(String),
    /// The user says something. `user.message`.
    Asked(String),
    /// Somebody has answered a call. `user.custom_tool_result`.
    Answered {
        /// The call.
        call: String,
    },
    /// Somebody stops the turn. `user.interrupt`.
    Interrupted,
    /// Something went wrong; it may go on all the same. `session.error`.
    Trouble {
        /// Qoder's word for it.
        code: Option<String>,
        /// Its sentence.
        message: String,
        /// What becomes of it: `retrying`, `exhausted`, `terminal`.
        retry: Option<String>,
    },
    /// Any other; its fields are in `extra`.
    Other(String),
}

impl Event {
    /// An event that lacks what makes it what it is is one that is not known: a session has it for ever, and goes on.
    pub(crate) fn read(mut fields: Fields) -> Self {
        let id = fields.text("id").unwrap_or_default();
        let kind = fields.text("type").unwrap_or_default();
        let known = match kind.as_str() {
            "session.status_running" => Some(EventKind::Running),
            "session.status_idle" => Some(idle(&mut fields)),
            "session.status_terminated" | "terminated" => Some(EventKind::Terminated),
            "session.deleted" => Some(EventKind::Deleted),
            "agent.custom_tool_use" if !id.is_empty() => call(&mut fields),
            "agent.tool_use" | "agent.mcp_tool_use" => Some(EventKind::OwnTool { tool: fields.text("name") }),
            "agent.message" => Some(EventKind::Said(content(&mut fields))),
            "user.message" => Some(EventKind::Asked(content(&mut fields))),
            "user.custom_tool_result" => answered(&mut fields),
            "user.interrupt" => Some(EventKind::Interrupted),
            "session.error" => Some(trouble(&mut fields)),
            _ => None,
        };
        Self { id, kind: known.unwrap_or(EventKind::Other(kind)), extra: fields.0 }
    }
}

impl View for Event {
    fn of(fields: Fields) -> Option<Self> {
        Some(Self::read(fields))
    }
}

fn call(fields: &mut Fields) -> Option<EventKind> {
    let tool = fields.text("name")?;
    let input = fields.take("input", |input| Some(input.clone())).unwrap_or_default();
    Some(EventKind::Call { tool, input })
}

/// Older servers call it `tool_use_id`.
fn answered(fields: &mut Fields) -> Option<EventKind> {
    let call = fields.text("custom_tool_use_id").or_else(|| fields.text("tool_use_id"))?;
    Some(EventKind::Answered { call })
}

fn idle(fields: &mut Fields) -> EventKind {
    let mut reason = fields.take("stop_reason", |reason| reason.as_object().cloned().map(Fields)).unwrap_or_default();
    EventKind::Idle { reason: reason.text("type"), waits_for: reason.texts("event_ids") }
}

fn trouble(fields: &mut Fields) -> EventKind {
    let mut error = fields.take("error", |error| error.as_object().cloned().map(Fields)).unwrap_or_default();
    let retry = error.take("retry_status", |retry| retry.get("type")?.as_str().map(str::to_owned));
    let message = error.text("message").unwrap_or_else(|| "no words".to_owned());
    EventKind::Trouble { code: error.text("type"), message, retry }
}

/// The text of a message: its text blocks, or a plain string of an older server.
fn content(fields: &mut Fields) -> String {
    let text = |block: &Value| block.get("text").and_then(Value::as_str).map(str::to_owned);
    fields
        .take("content", |content| match content {
            Value::String(text) => Some(text.clone()),
            Value::Array(blocks) => Some(blocks.iter().filter_map(text).collect()),
            _ => None,
        })
        .unwrap_or_default()
}
