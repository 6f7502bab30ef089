//! What agents are told about a tool, ready to be sent.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

/// MCP's hints about what a tool does. They inform; nothing enforces them.
///
/// Serializes as MCP's `annotations`, without the hints that were not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Hints {
    /// The tool changes nothing.
    #[serde(rename = "readOnlyHint", skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// The tool may delete or overwrite.
    #[serde(rename = "destructiveHint", skip_serializing_if = "Option::is_none")]
    pub destructive: Option<bool>,
    /// The same call again changes nothing more.
    #[serde(rename = "idempotentHint", skip_serializing_if = "Option::is_none")]
    pub idempotent: Option<bool>,
    /// The tool deals with the world outside the application.
    #[serde(rename = "openWorldHint", skip_serializing_if = "Option::is_none")]
    pub open_world: Option<bool>,
}

impl Hints {
    /// Whether no hint was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One tool of a [`Toolset`](crate::Toolset), as agents are told about it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Descriptor {
    pub(super) name: &'static str,
    pub(super) title: Option<Cow<'static, str>>,
    pub(super) description: Cow<'static, str>,
    pub(super) input_schema: Arc<Map<String, Value>>,
    pub(super) output_schema: Arc<Map<String, Value>>,
    pub(super) hints: Hints,
    pub(super) timeout: Option<Duration>,
}

impl Descriptor {
    /// The name that agents call the tool by.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// A name for people to read, if one was given.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// What the tool does, for a model to read. Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The JSON Schema (2020-12) of the arguments: an object with `type`, `properties`, `required`, and `$defs` where a
    /// type is recursive.
    #[must_use]
    pub fn input_schema(&self) -> &Map<String, Value> {
        &self.input_schema
    }

    /// The JSON Schema (2020-12) of the answer on success.
    #[must_use]
    pub fn output_schema(&self) -> &Map<String, Value> {
        &self.output_schema
    }

    /// MCP's hints.
    #[must_use]
    pub fn hints(&self) -> Hints {
        self.hints
    }

    /// How long a call may take, if the tool says so itself.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }
}
