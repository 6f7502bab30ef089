//! The request that changes a session.

use serde_json::{Value, json};

use crate::build_error::BuildErrors;
use crate::platform::qoder::body::BodyBuilder;
use crate::toolset::Toolset;

/// A change of a session.
#[derive(Debug, Clone)]
#[must_use]
pub struct SessionChange(BodyBuilder);

impl Default for SessionChange {
    fn default() -> Self {
        Self(BodyBuilder::new("the session"))
    }
}

impl SessionChange {
    /// An empty change.
    pub fn new() -> Self {
        Self::default()
    }

    /// The new title.
    pub fn title(self, title: &str) -> Self {
        self.extra("title", title)
    }

    /// Changes to metadata, as a JSON object: at most 16 pairs, keys of 1 to 64 characters, values of at most 512 characters;
    /// `null` removes a pair.
    pub fn metadata(self, metadata: Value) -> Self {
        self.extra("metadata", metadata)
    }

    /// Replaces the tools of the session. Qoder's documents contradict each other about whether that is possible.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        let tools = self.0.tool_definitions(tools);
        self.extra("agent", json!({"tools": tools}))
    }

    /// Sets any other field.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.set(key, value);
        self
    }

    pub(crate) fn to_json(&self) -> Result<Value, BuildErrors> {
        self.0.clone().finish()
    }
}
