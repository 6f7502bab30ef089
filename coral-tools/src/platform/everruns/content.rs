//! The texts of what is said, without its other parts.

use serde_json::Value;

/// The text of a message.
pub(super) fn text(message: &Value) -> String {
    message.get("content").map(texts).unwrap_or_default()
}

/// The text of its parts.
pub(super) fn texts(parts: &Value) -> String {
    let parts = parts.as_array().into_iter().flatten();
    let texts = parts.filter(|part| part.get("type").and_then(Value::as_str) == Some("text"));
    texts.filter_map(|part| part.get("text")?.as_str()).collect()
}
