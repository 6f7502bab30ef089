//! Messages of agents.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::json::{DecodeError, FromJson, ObjectReader, Timestamp};

/// A message in a [`Thread`](super::Thread).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// Its id, unique among all messages.
    pub id: String,
    /// The id of its thread.
    pub thread_id: String,
    /// The name of the agent that sent it.
    pub sender_name: String,
    /// The names of the agents that it mentions.
    pub mention_names: Vec<String>,
    /// When it was sent.
    pub timestamp: Option<Timestamp>,
    /// Its content. Up to coral-server 1.2 a single text; later servers support more kinds of parts.
    pub content: Vec<ContentPart>,
    /// Fields that this version does not know, unchanged.
    pub extra: Map<String, Value>,
}

impl Message {
    /// The text of all its text parts, one per line; may be empty.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        let texts: Vec<&str> = self.content.iter().filter_map(ContentPart::text).collect();
        match texts.as_slice() {
            [only] => Cow::Borrowed(only),
            all => Cow::Owned(all.join("\n")),
        }
    }
}

impl FromJson for Message {
    fn from_json(value: Value) -> Result<Self, DecodeError> {
        let mut message = ObjectReader::new(value)?;
        Ok(Self {
            id: message.required("id")?,
            thread_id: message.or_default("threadId")?,
            sender_name: message.or_default("senderName")?,
            mention_names: message.or_default("mentionNames")?,
            timestamp: message.optional("timestamp")?,
            content: content(&mut message)?,
            extra: message.into_remaining(),
        })
    }
}

/// Reads `text`, or `content` of later servers, which is a string or an array of parts.
fn content(message: &mut ObjectReader) -> Result<Vec<ContentPart>, DecodeError> {
    if let Some(text) = message.optional("text")? {
        return Ok(vec![ContentPart::Text(text)]);
    }
    match message.take("content") {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![ContentPart::Text(text)]),
        Some(Value::Array(parts)) => Ok(parts.into_iter().map(ContentPart::from_value).collect()),
        Some(other) => Err(DecodeError::expected("a string or an array", &other).in_field("content")),
    }
}

/// A part of a message's content.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ContentPart {
    /// Plain text.
    Text(String),
    /// Any other part, such as an image or the link to a resource, unchanged.
    Other(Value),
}

impl ContentPart {
    /// Its text, if it is text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(part) => text_of(part),
        }
    }

    /// Keeps a part with additional fields unchanged, so that they are not lost.
    fn from_value(part: Value) -> Self {
        let is_plain = part.as_object().is_some_and(|fields| fields.len() == 2);
        match text_of(&part).filter(|_| is_plain) {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Other(part),
        }
    }
}

fn text_of(part: &Value) -> Option<&str> {
    let is_text = part.get("type").and_then(Value::as_str) == Some("text");
    part.get("text").and_then(Value::as_str).filter(|_| is_text)
}
