//! Options of a new session.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use crate::json::ObjectBuilder;

/// A capability of the platform that an agent may use, such as `web_fetch`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[must_use]
pub struct Capability {
    #[serde(rename = "ref")]
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Value>,
}

impl Capability {
    /// The capability with this id and its default configuration.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), config: None }
    }

    /// The configuration.
    pub fn config(mut self, config: impl Into<Value>) -> Self {
        self.config = Some(config.into());
        self
    }
}

/// A file that is in the workspace when a session starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use]
pub struct InitialFile {
    pub(super) path: String,
    content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_readonly: bool,
}

impl InitialFile {
    /// A file with text at an absolute path, such as `/workspace/notes.md`.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), content: text.into(), encoding: None, is_readonly: false }
    }

    /// A binary file at an absolute path.
    pub fn binary(path: impl Into<String>, bytes: &[u8]) -> Self {
        Self { path: path.into(), content: STANDARD.encode(bytes), encoding: Some("base64"), is_readonly: false }
    }

    /// Protects the file from changes in the session.
    pub fn read_only(mut self) -> Self {
        self.is_readonly = true;
        self
    }
}

/// The hosts that a session may connect to, by patterns such as `*.example.com`. Hosts that the agent or its harness blocks stay
/// blocked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct NetworkAccess {
    allowed: Vec<String>,
    blocked: Vec<String>,
}

impl NetworkAccess {
    /// No restrictions beyond those of the agent and its harness.
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows a host. All hosts that are not allowed are then blocked.
    pub fn allow(mut self, pattern: impl Into<String>) -> Self {
        self.allowed.push(pattern.into());
        self
    }

    /// Blocks a host, even if it is allowed.
    pub fn block(mut self, pattern: impl Into<String>) -> Self {
        self.blocked.push(pattern.into());
        self
    }

    pub(super) fn to_json(&self) -> Value {
        ObjectBuilder::new()
            .non_empty_list("allowed", &self.allowed)
            .non_empty_list("blocked", &self.blocked)
            .into_value()
    }
}

/// Where a session comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionSource {
    /// A chat of a user.
    Chat,
    /// A program that uses the API.
    Api,
    /// The platform's playground.
    Playground,
}

impl SessionSource {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Api => "api",
            Self::Playground => "playground",
        }
    }
}
