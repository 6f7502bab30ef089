//! Messages of users to the agent.

use serde_json::Value;

use crate::platform::everruns::message_text::message_text;

/// A user's message, from an `input.message` event.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct UserMessage {
    /// The platform's id of the message.
    id: Option<String>,
    /// The sender's id of the message. Older servers do not return it.
    client_id: Option<String>,
    text: String,
}

impl UserMessage {
    pub(super) fn from_json(message: &Value) -> Self {
        let string = |pointer: &str| message.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let client_id = string("/client_message_id").or_else(|| string("/metadata/client_message_id"));
        Self { id: string("/id"), client_id, text: message_text(message) }
    }
}

/// A message that this client sent.
#[derive(Debug, Clone)]
pub(super) struct SentMessage {
    pub(super) client_id: String,
    pub(super) text: String,
    /// The platform's id of the message, if a response contained it.
    pub(super) id: Option<String>,
}

impl SentMessage {
    /// Whether `message` is this message. Without an id to compare, the text decides.
    pub(super) fn matches(&self, message: &UserMessage) -> bool {
        match (&self.id, &message.id, &message.client_id) {
            (Some(sent), Some(received), _) => sent == received,
            (_, _, Some(client_id)) => *client_id == self.client_id,
            _ => self.text == message.text,
        }
    }
}
