//! Tools as Everruns' `client_side` definitions.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::build_error::{BuildError, BuildErrors};
use crate::session::unroll;
use crate::tool::{Descriptor, Hints};
use crate::toolset::Toolset;

/// The figures that Everruns holds tools to where it checks them.
const MOST_TOOLS: usize = 64;
const LONGEST_DESCRIPTION: usize = 4096;
const LARGEST_SCHEMA: usize = 16 << 10;
/// So few are always shown to the model whole; of more, Everruns may have it search.
const HANDFUL: usize = 20;
/// Calls of these names are the platform's own.
const RESERVED: [&str; 5] =
    ["setup_connection", "confirm_url_elicitation", "ask_user", "approve_tool_call", "openai_mcp_approval"];

impl<S> Toolset<S> {
    /// The tools as the `tools` of an Everruns session or agent, in the order of the set.
    ///
    /// Everruns hands schemas to model providers as they are, and few of those know `$defs`: recursive types are written out
    /// to three levels, below which stands any object, described as "as above". What a tool accepts stays the same.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any tool (see [`Toolset::check`]), and what Everruns cannot be told: more than 64 tools, a
    /// name that the platform calls by itself, a description of more than 4096 characters, a schema of more than 16 KiB.
    pub fn everruns_tools(&self) -> Result<ClientTools, BuildErrors> {
        let mut errors: Vec<BuildError> = self.check().err().iter().flatten().cloned().collect();
        if self.len() > MOST_TOOLS {
            errors.push(BuildError::new("tools", format!("there are {}; Everruns takes {MOST_TOOLS}", self.len())));
        }
        let is_handful = self.len() <= HANDFUL;
        let tools: Vec<Value> = self.descriptors().map(|tool| definition(tool, is_handful, &mut errors)).collect();
        if errors.is_empty() { Ok(ClientTools(tools)) } else { Err(BuildErrors::new(errors)) }
    }
}

/// The client-side tools of an Everruns session: `tools` of its request, ready to be serialized.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientTools(Vec<Value>);

impl ClientTools {
    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|tool| tool["name"].as_str())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As JSON: a list.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Array(self.0.clone())
    }
}

impl Serialize for ClientTools {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

fn definition(tool: &Descriptor, is_handful: bool, errors: &mut Vec<BuildError>) -> Value {
    let parameters = unroll(tool.input_schema());
    let mut faults = Vec::new();
    if RESERVED.contains(&tool.name()) {
        faults.push("Everruns makes calls of this name by itself; rename the tool".to_owned());
    }
    let length = tool.description().chars().count();
    if length > LONGEST_DESCRIPTION {
        faults.push(format!("its description has {length} characters; Everruns takes {LONGEST_DESCRIPTION}"));
    }
    let size = Value::Object(parameters.clone()).to_string().len();
    if size > LARGEST_SCHEMA {
        faults.push(format!("the schema of its arguments has {size} bytes; Everruns takes {LARGEST_SCHEMA}"));
    }
    errors.extend(faults.into_iter().map(|fault| BuildError::new(format!("tool `{}`", tool.name()), fault)));

    let mut definition = json!({
        "type": "client_side",
        "name": tool.name(),
        "description": tool.description(),
        "parameters": parameters,
    });
    if let Some(title) = tool.title() {
        definition["display_name"] = title.into();
    }
    if !tool.hints().is_empty() {
        definition["hints"] = Value::Object(hints(tool.hints()));
    }
    if is_handful {
        definition["deferrable"] = "never".into();
    }
    definition
}

/// MCP's hints by Everruns' names.
fn hints(hints: Hints) -> Map<String, Value> {
    let named = [
        ("readonly", hints.read_only),
        ("destructive", hints.destructive),
        ("idempotent", hints.idempotent),
        ("open_world", hints.open_world),
    ];
    named.into_iter().filter_map(|(name, hint)| Some((name.to_owned(), hint?.into()))).collect()
}
