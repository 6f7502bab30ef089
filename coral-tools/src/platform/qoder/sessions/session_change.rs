//! A change of a session.

use serde_json::{Value, json};

use crate::build_error::BuildErrors;
use crate::platform::qoder::body::Written;
use crate::toolset::Toolset;

/// A change of a session.
#[derive(Debug, Clone)]
#[must_use]
pub struct SessionChange(Written);

impl Default for SessionChange {
    fn default() -> Self {
        Self(Written::new("the session"))
    }
}

impl SessionChange {
    /// Nothing is changed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another title.
    pub fn title(self, title: &str) -> Self {
        self.with("title", title)
    }

    /// Other metadata, as an object: at most 16 pairs, of 64 and 512 characters; `null` for what is not to be kept any more.
    pub fn metadata(self, metadata: Value) -> Self {
        self.with("metadata", metadata)
    }

    /// These tools instead of those that the session has. Qoder's documents contradict each other about whether that is
    /// possible.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        let tools = self.0.tools(tools.qoder_tools());
        self.with("agent", json!({"tools": tools}))
    }

    /// Any other field.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.set(key, value);
        self
    }

    pub(crate) fn to_json(&self) -> Result<Value, BuildErrors> {
        self.0.clone().into_json()
    }
}
