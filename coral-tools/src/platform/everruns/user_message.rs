//! What users say to the agent, and which of it is ours.

use serde_json::Value;

use super::content::text;

/// A user's message, as an event tells of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Input {
    /// The platform's id of it.
    id: Option<String>,
    /// Its client's id of it: newer servers say.
    client_id: Option<String>,
    text: String,
}

impl Input {
    pub(super) fn of(message: &Value) -> Self {
        let string = |path: &str| message.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let client_id = string("/client_message_id").or_else(|| string("/metadata/client_message_id"));
        Self { id: string("/id"), client_id, text: text(message) }
    }
}

/// A message of ours.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) client_id: String,
    pub(super) text: String,
    /// The platform's id of it, once it has said.
    pub(super) id: Option<String>,
}

impl Sent {
    /// Whether it is told of here. Where there is no id to go by, the text is all there is.
    pub(super) fn is(&self, input: &Input) -> bool {
        match (&self.id, &input.id, &input.client_id) {
            (Some(sent), Some(told), _) => sent == told,
            (_, _, Some(client_id)) => *client_id == self.client_id,
            _ => self.text == input.text,
        }
    }
}
