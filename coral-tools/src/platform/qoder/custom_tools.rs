//! An application's tools as Qoder's custom tools.

use std::collections::HashMap;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::build_error::{BuildErrors, ProblemCollector};
use crate::platform::qoder::schema_subset;
use crate::telemetry::{CallFields, call_event};
use crate::tool::Descriptor;
use crate::toolset::Toolset;

/// Limit for the tools of an agent, of all types together.
const MAX_TOOLS: usize = 128;
const MAX_NAME_LENGTH: usize = 128;
/// A related API of Qoder documents this limit.
const LONG_DESCRIPTION: usize = 1024;
const BUILT_IN_TOOLS: [&str; 11] = [
    "Bash",
    "Read",
    "Write",
    "Edit",
    "Glob",
    "Grep",
    "WebFetch",
    "WebSearch",
    "ImageSearch",
    "ImageGen",
    "DeliverArtifacts",
];

/// The JSON Schema keywords that the schemas of declared tools use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SchemaKeywords {
    /// The keywords that every model reads: `type`, `properties`, `required`, `additionalProperties`, `items` and
    /// `description`. Descriptions contain what the other keywords express.
    #[default]
    Basic,
    /// All keywords, including constraints, `enum`, `format` and `anyOf`. Qoder accepts them; some models may not.
    Full,
}

impl<S> Toolset<S> {
    /// The tools as Qoder's custom tools, for the `tools` of an agent, with [`SchemaKeywords::Basic`].
    ///
    /// # Errors
    ///
    /// Returns every problem of the tools (see [`Toolset::check`]), and of names that are invalid on Qoder, belong to one of
    /// its built-in tools, or differ only in case.
    pub fn qoder_tools(&self) -> Result<QoderToolDefinitions, BuildErrors> {
        self.qoder_tools_with(SchemaKeywords::default())
    }

    /// As [`qoder_tools`](Self::qoder_tools), with the keywords of `profile`.
    ///
    /// # Errors
    ///
    /// Returns an error for the same reasons as [`qoder_tools`](Self::qoder_tools).
    pub fn qoder_tools_with(&self, profile: SchemaKeywords) -> Result<QoderToolDefinitions, BuildErrors> {
        self.check()?;
        let tools: Vec<Value> = self.descriptors().map(|tool| definition(&tool, profile)).collect();
        let mut problems = ProblemCollector::new();
        check_tools(&tools, &mut problems);
        problems.finish(QoderToolDefinitions(tools))
    }
}

/// The definitions of a toolset's tools for Qoder. Serializes as the `tools` of an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct QoderToolDefinitions(Vec<Value>);

impl QoderToolDefinitions {
    /// The names, in the order of the toolset.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(custom_tool_name)
    }

    /// The JSON array.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Array(self.0.clone())
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// Returns `existing` with each tool of the same name replaced, followed by the tools that are new.
    pub(crate) fn merged_into(&self, existing: &[Value]) -> Vec<Value> {
        let mut unused: HashMap<&str, &Value> =
            self.0.iter().filter_map(|tool| Some((custom_tool_name(tool)?, tool))).collect();
        let replaced = existing.iter().map(|tool| match custom_tool_name(tool) {
            Some(name) => unused.remove(name).unwrap_or(tool).clone(),
            None => tool.clone(),
        });
        let mut merged: Vec<Value> = replaced.collect();
        let is_new = |tool: &&Value| custom_tool_name(tool).is_some_and(|name| unused.contains_key(name));
        merged.extend(self.0.iter().filter(is_new).cloned());
        merged
    }
}

impl Serialize for QoderToolDefinitions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The name of a custom tool; `None` for a tool of another type.
pub(crate) fn custom_tool_name(tool: &Value) -> Option<&str> {
    tool.get("type").filter(|kind| *kind == "custom")?;
    tool.get("name")?.as_str()
}

/// Checks the tools of an agent: each name, and all of them together.
pub(crate) fn check_tools(tools: &[Value], problems: &mut ProblemCollector) {
    for name in tools.iter().filter_map(custom_tool_name) {
        if let Some(problem) = name_problem(name) {
            problems.add(format!("tool `{name}`"), problem);
        }
    }
    check_together(tools, problems);
}

/// Checks the tools of an agent together, but not their names: other applications may have declared tools that Qoder accepted.
pub(crate) fn check_together(tools: &[Value], problems: &mut ProblemCollector) {
    let mut names = HashMap::new();
    for name in tools.iter().filter_map(custom_tool_name) {
        if let Some(other) = names.insert(name.to_ascii_lowercase(), name) {
            let problem = format!("Qoder ignores case in names, so it equals `{other}`; rename one of them");
            problems.add(format!("tool `{name}`"), problem);
        }
    }
    let count = tools.len();
    if count > MAX_TOOLS {
        problems.add("tools", format!("the agent has {count} tools; the maximum is {MAX_TOOLS}"));
    }
}

fn name_problem(name: &str) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > MAX_NAME_LENGTH || !name.chars().all(is_allowed) {
        return Some(format!("a name on Qoder has 1 to {MAX_NAME_LENGTH} letters, digits, `_` or `-`"));
    }
    if name.to_ascii_lowercase().starts_with("mcp__") {
        return Some("Qoder reserves names that start with `mcp__` for MCP servers".to_owned());
    }
    let built_in = BUILT_IN_TOOLS.iter().find(|built_in| built_in.eq_ignore_ascii_case(name))?;
    Some(format!("`{built_in}` is a built-in tool of Qoder; rename this one with `#[coral_tool(name = \"…\")]`"))
}

fn definition(tool: &Descriptor, profile: SchemaKeywords) -> Value {
    if tool.description().chars().count() > LONG_DESCRIPTION {
        let fields = CallFields { tool: Some(tool.name()), ..CallFields::default() };
        call_event!(
            warn,
            fields,
            "the description of a tool is long; Qoder may reject it",
            recommended_characters = LONG_DESCRIPTION
        );
    }
    let schema = match profile {
        SchemaKeywords::Basic => schema_subset::basic(tool.input_schema()),
        SchemaKeywords::Full => schema_subset::full(tool.input_schema()),
    };
    json!({"type": "custom", "name": tool.name(), "description": tool.description(), "input_schema": schema})
}
