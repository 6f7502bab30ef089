//! An application's tools as Qoder's custom tools.

use std::collections::HashMap;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::build_error::{BuildError, BuildErrors};
use crate::platform::qoder::schema_subset as plain;
use crate::tool::Descriptor;
use crate::toolset::Toolset;

/// How many tools of all kinds an agent may have.
const MOST: usize = 128;
const LONGEST_NAME: usize = 128;
/// What models are known to read; more may be cut.
const LONG_DESCRIPTION: usize = 1024;
/// Qoder's own tools.
const BUILT_IN: [&str; 11] = [
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

/// In which part of JSON Schema tools are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Schemas {
    /// What every model reads: types, properties, items and descriptions, which say all else.
    #[default]
    Plain,
    /// With limits, enumerations, formats and choices. Qoder takes it; a model behind it may not.
    Full,
}

impl<S> Toolset<S> {
    /// The tools as Qoder's custom tools, for an agent's `tools`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any tool (see [`Toolset::check`]), and names that Qoder has for its own tools or takes for
    /// the same.
    pub fn qoder_tools(&self) -> Result<QoderTools, BuildErrors> {
        self.qoder_tools_in(Schemas::default())
    }

    /// As [`qoder_tools`](Self::qoder_tools), with schemas of this kind.
    ///
    /// # Errors
    ///
    /// As [`qoder_tools`](Self::qoder_tools).
    pub fn qoder_tools_in(&self, schemas: Schemas) -> Result<QoderTools, BuildErrors> {
        self.check()?;
        let tools: Vec<Value> = self.descriptors().map(|tool| declare(&tool, schemas)).collect();
        let faults = faults(&tools);
        if faults.is_empty() { Ok(QoderTools(tools)) } else { Err(BuildErrors::new(faults)) }
    }
}

/// Custom tools of an agent on Qoder. Serializes as an agent's `tools`.
#[derive(Debug, Clone, PartialEq)]
pub struct QoderTools(Vec<Value>);

impl QoderTools {
    /// Their names, in the order of the set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(custom_name)
    }

    /// As the list that an agent's `tools` are.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Array(self.0.clone())
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// `theirs` with these in the place of their namesakes, the others after them. What is not ours stays.
    pub(crate) fn added_to(&self, theirs: &[Value]) -> Vec<Value> {
        let mut ours: HashMap<&str, &Value> =
            self.0.iter().filter_map(|tool| Some((custom_name(tool)?, tool))).collect();
        let kept = theirs.iter().map(|tool| match custom_name(tool) {
            Some(name) => ours.remove(name).unwrap_or(tool).clone(),
            None => tool.clone(),
        });
        let mut all: Vec<Value> = kept.collect();
        all.extend(self.0.iter().filter(|tool| custom_name(tool).is_some_and(|name| ours.contains_key(name))).cloned());
        all
    }
}

impl Serialize for QoderTools {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The name of a custom tool; nothing of a tool of another kind.
pub(crate) fn custom_name(tool: &Value) -> Option<&str> {
    tool.get("type").filter(|kind| *kind == "custom")?;
    tool.get("name")?.as_str()
}

/// What is wrong with an agent's tools: names, and what they are together.
pub(crate) fn faults(tools: &[Value]) -> Vec<BuildError> {
    let names = tools.iter().filter_map(custom_name);
    let mut faults: Vec<BuildError> =
        names.filter_map(|name| Some(BuildError::tool_name(name, &fault(name)?))).collect();
    faults.extend(faults_together(tools));
    faults
}

/// What is wrong with an agent's tools together; each by itself may be somebody else's, which Qoder has taken.
pub(crate) fn faults_together(tools: &[Value]) -> Vec<BuildError> {
    let (mut faults, mut seen) = (Vec::new(), HashMap::new());
    for name in tools.iter().filter_map(custom_name) {
        if let Some(other) = seen.insert(name.to_ascii_lowercase(), name) {
            let clash = format!("`{other}` is the same to Qoder, which does not tell capitals apart; rename one");
            faults.push(BuildError::tool_name(name, &clash));
        }
    }
    let count = tools.len();
    if count > MOST {
        faults.push(BuildError::new("the tools", format!("they are {count}; an agent has at most {MOST}")));
    }
    faults
}

fn fault(name: &str) -> Option<String> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_letter) {
        return Some("on Qoder a name is 1 to 128 letters, digits, `_` or `-`".to_owned());
    }
    if name.to_ascii_lowercase().starts_with("mcp__") {
        return Some("names that start with `mcp__` belong to MCP servers on Qoder".to_owned());
    }
    let built_in = BUILT_IN.iter().find(|built_in| built_in.eq_ignore_ascii_case(name))?;
    Some(format!("Qoder has a tool `{built_in}` of its own; rename this one with `#[coral_tool(name = \"…\")]`"))
}

fn declare(tool: &Descriptor, schemas: Schemas) -> Value {
    if tool.description().chars().count() > LONG_DESCRIPTION {
        tracing::warn!(tool = tool.name(), "its description has more than 1024 characters, which Qoder may refuse");
    }
    let schema = match schemas {
        Schemas::Plain => plain::root(tool.input_schema()),
        Schemas::Full => plain::full(tool.input_schema()),
    };
    json!({"type": "custom", "name": tool.name(), "description": tool.description(), "input_schema": schema})
}
