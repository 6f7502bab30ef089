//! The text of messages, without their other parts.

use serde_json::Value;

/// The text of a message.
pub(super) fn message_text(message: &Value) -> String {
    message.get("content").map(parts_text).unwrap_or_default()
}

/// The text of a list of message parts.
pub(super) fn parts_text(parts: &Value) -> String {
    let parts = parts.as_array().into_iter().flatten();
    let text_parts = parts.filter(|part| part.get("type").and_then(Value::as_str) == Some("text"));
    text_parts.filter_map(|part| part.get("text")?.as_str()).collect()
}
