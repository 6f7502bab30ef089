//! Parts of the request for a session.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Something that the platform can do for an agent, by its id, such as `web_fetch`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[must_use]
pub struct Capability {
    #[serde(rename = "ref")]
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Value>,
}

impl Capability {
    /// The capability of this id, as the agent would have it.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), config: None }
    }

    /// What it is told.
    pub fn config(mut self, config: impl Into<Value>) -> Self {
        self.config = Some(config.into());
        self
    }
}

/// A file that a session finds in its workspace.
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
    /// A text, at an absolute path such as `/workspace/notes.md`.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), content: text.into(), encoding: None, is_readonly: false }
    }

    /// Any bytes.
    pub fn binary(path: impl Into<String>, bytes: &[u8]) -> Self {
        Self { path: path.into(), content: STANDARD.encode(bytes), encoding: Some("base64"), is_readonly: false }
    }

    /// Not to be changed or deleted in the session.
    pub fn read_only(mut self) -> Self {
        self.is_readonly = true;
        self
    }
}

/// Which hosts a session may reach, by patterns such as `*.example.com`. What the agent and its harness forbid stays forbidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct NetworkAccess {
    allowed: Vec<String>,
    blocked: Vec<String>,
}

impl NetworkAccess {
    /// Without limits of its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// This one, and no others but those that are allowed too.
    pub fn allow(mut self, pattern: impl Into<String>) -> Self {
        self.allowed.push(pattern.into());
        self
    }

    /// Not this one, even where it is allowed.
    pub fn block(mut self, pattern: impl Into<String>) -> Self {
        self.blocked.push(pattern.into());
        self
    }

    pub(super) fn to_json(&self) -> Value {
        let lists = [("allowed", &self.allowed), ("blocked", &self.blocked)];
        let given = lists.into_iter().filter(|(_, list)| !list.is_empty());
        given.map(|(name, list)| (name.to_owned(), json!(list))).collect::<Map<_, _>>().into()
    }
}

/// What a session is begun from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A chat.
    Chat,
    /// A program.
    Api,
    /// An experiment.
    Playground,
}

impl Source {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Api => "api",
            Self::Playground => "playground",
        }
    }
}
