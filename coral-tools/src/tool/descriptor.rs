//! [`Descriptor`]: the description of a tool for agents.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::delivery::{describe_approval, result_tool_name, with_ticket};
use super::icon::Icon;
use crate::build_error::BuildError;

/// MCP's hints about the behaviour of a tool. They are informative; nothing enforces them.
///
/// Serializes as MCP's `annotations`, without the hints that are not set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Hints {
    /// The tool changes nothing.
    #[serde(rename = "readOnlyHint", skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// The tool may delete or overwrite.
    #[serde(rename = "destructiveHint", skip_serializing_if = "Option::is_none")]
    pub destructive: Option<bool>,
    /// Repeating a call with the same arguments has no further effect.
    #[serde(rename = "idempotentHint", skip_serializing_if = "Option::is_none")]
    pub idempotent: Option<bool>,
    /// The tool interacts with systems outside the application.
    #[serde(rename = "openWorldHint", skip_serializing_if = "Option::is_none")]
    pub open_world: Option<bool>,
}

impl Hints {
    /// Whether no hint is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The description of a tool of a [`Toolset`](crate::Toolset), as agents receive it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Descriptor {
    data: Arc<DescriptorData>,
}

#[derive(Debug, Clone)]
pub(super) struct DescriptorData {
    pub(super) name: Cow<'static, str>,
    pub(super) title: Option<Cow<'static, str>>,
    pub(super) description: Cow<'static, str>,
    pub(super) input_schema: Map<String, Value>,
    pub(super) output_schema: Map<String, Value>,
    pub(super) hints: Hints,
    pub(super) icons: Vec<Icon>,
    pub(super) meta: Map<String, Value>,
    pub(super) timeout: Option<Duration>,
    pub(super) has_result_tool: bool,
    pub(super) warnings: Vec<BuildError>,
}

impl From<DescriptorData> for Descriptor {
    fn from(data: DescriptorData) -> Self {
        Self { data: Arc::new(data) }
    }
}

impl Descriptor {
    /// Returns what some model providers reject.
    pub(crate) fn warnings(&self) -> &[BuildError] {
        &self.data.warnings
    }

    /// Returns the name of the tool that returns the results of this tool's tickets, if it has tickets.
    pub(crate) fn result_tool(&self) -> Option<String> {
        self.data.has_result_tool.then(|| result_tool_name(&self.data.name))
    }

    /// Returns the description of the tool if a person may have to approve its calls.
    pub(super) fn with_approval(&self) -> Self {
        let data = &*self.data;
        let description = describe_approval(&data.description, &result_tool_name(&data.name)).into();
        let output_schema = with_ticket(data.output_schema.clone());
        DescriptorData { description, output_schema, has_result_tool: true, ..data.clone() }.into()
    }

    /// Returns the name of the tool.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.data.name
    }

    /// Returns the name for people to read, if there is one.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.data.title.as_deref()
    }

    /// Returns the description for a model to read, in Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.data.description
    }

    /// Returns the JSON Schema (2020-12) of the arguments: an object with `type`, `properties`, `required`, and `$defs` if
    /// a type is recursive.
    #[must_use]
    pub fn input_schema(&self) -> &Map<String, Value> {
        &self.data.input_schema
    }

    /// Returns the JSON Schema (2020-12) of the result on success.
    #[must_use]
    pub fn output_schema(&self) -> &Map<String, Value> {
        &self.data.output_schema
    }

    /// Returns MCP's hints.
    #[must_use]
    pub fn hints(&self) -> Hints {
        self.data.hints
    }

    /// Returns MCP's `icons`.
    #[must_use]
    pub fn icons(&self) -> &[Icon] {
        &self.data.icons
    }

    /// Returns MCP's `_meta`: values for clients, which no model reads.
    #[must_use]
    pub fn meta(&self) -> &Map<String, Value> {
        &self.data.meta
    }

    /// Returns the tool's own timeout, if it sets one.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.data.timeout
    }
}
