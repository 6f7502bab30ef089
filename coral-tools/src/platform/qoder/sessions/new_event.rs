//! Events that an application sends to a session.

use serde_json::{Map, Value, json};

/// An event that an application sends to a session.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct NewEvent(Map<String, Value>);

impl NewEvent {
    /// A message of the user, which starts a turn. A session with a running turn rejects it (409).
    pub fn message(text: &str) -> Self {
        Self::other("user.message").text_content(text)
    }

    /// Stops the current turn.
    pub fn interrupt() -> Self {
        Self::other("user.interrupt")
    }

    /// Allows a call of a built-in or MCP tool for which the session waits for confirmation.
    pub fn allow(tool_use_id: &str) -> Self {
        Self::other("user.tool_confirmation").extra("tool_use_id", tool_use_id).extra("result", "allow")
    }

    /// Denies a call of a built-in or MCP tool for which the session waits for confirmation. The agent reads the reason.
    pub fn deny(tool_use_id: &str, reason: &str) -> Self {
        let event = Self::other("user.tool_confirmation").extra("tool_use_id", tool_use_id).extra("result", "deny");
        event.extra("deny_message", reason)
    }

    /// The outcome that the agent has to reach, and the rubric by which it is graded.
    pub fn define_outcome(description: &str, rubric: &str) -> Self {
        let rubric = json!({"type": "text", "content": rubric});
        Self::other("user.define_outcome").extra("description", description).extra("rubric", rubric)
    }

    /// A system message, which follows a message of the user.
    pub fn system(text: &str) -> Self {
        Self::other("system.message").text_content(text)
    }

    /// An event of another type. Use [`extra`](Self::extra) for its fields.
    pub fn other(kind: &str) -> Self {
        Self(Map::from_iter([("type".to_owned(), kind.into())]))
    }

    /// Sets any other field.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// Sets `content` to one text block.
    pub(crate) fn text_content(self, text: &str) -> Self {
        self.extra("content", json!([{"type": "text", "text": text}]))
    }

    pub(crate) fn kind(&self) -> &str {
        self.0.get("type").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }
}
