//! What an application says in a session.

use serde_json::{Map, Value, json};

use crate::platform::event::ToolResult;

/// Something that an application says in a session.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct NewEvent(Map<String, Value>);

impl NewEvent {
    /// A message of the user, which begins a turn. To a session that runs it is refused (409).
    pub fn message(text: &str) -> Self {
        Self::other("user.message").with("content", blocks(text))
    }

    /// Stops the turn that runs.
    pub fn interrupt() -> Self {
        Self::other("user.interrupt")
    }

    /// A person's permission for a tool of the agent's own.
    pub fn allow(tool_use_id: &str) -> Self {
        Self::other("user.tool_confirmation").with("tool_use_id", tool_use_id).with("result", "allow")
    }

    /// A person's refusal of it, and why.
    pub fn deny(tool_use_id: &str, why: &str) -> Self {
        let denied = Self::other("user.tool_confirmation").with("tool_use_id", tool_use_id).with("result", "deny");
        denied.with("deny_message", why)
    }

    /// The outcome that is asked for, and how it is judged.
    pub fn define_outcome(description: &str, rubric: &str) -> Self {
        let rubric = json!({"type": "text", "content": rubric});
        Self::other("user.define_outcome").with("description", description).with("rubric", rubric)
    }

    /// Something that the agent is told by the system, right after a message.
    pub fn system(text: &str) -> Self {
        Self::other("system.message").with("content", blocks(text))
    }

    /// An event of another kind.
    pub fn other(kind: &str) -> Self {
        Self(Map::from_iter([("type".to_owned(), kind.into())]))
    }

    /// Any other field of it.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// The answer to a call.
    pub(in crate::platform) fn result(answer: &ToolResult) -> Self {
        let text = String::from_utf8_lossy(&answer.json);
        // What is empty is stored as if nothing had been said.
        let text = if text.is_empty() { "null" } else { &*text };
        let result = Self::other("user.custom_tool_result").with("custom_tool_use_id", answer.call_id.as_str());
        result.with("is_error", answer.is_error).with("content", blocks(text))
    }

    pub(crate) fn kind(&self) -> &str {
        self.0.get("type").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// Content is always a list of blocks.
fn blocks(text: &str) -> Value {
    json!([{"type": "text", "text": text}])
}
