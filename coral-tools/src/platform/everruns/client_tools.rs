//! Client-side tools of a session, as Everruns reads them.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::build_error::{BuildErrors, ProblemCollector};
use crate::session::unroll;
use crate::tool::{Descriptor, Hints};
use crate::toolset::Toolset;

const MAX_TOOLS: usize = 64;
const MAX_DESCRIPTION_LENGTH: usize = 4096;
const MAX_SCHEMA_BYTES: usize = 16 << 10;
/// Up to this number, the model always gets all definitions; with more, Everruns may let it search for them.
const MAX_NEVER_DEFERRED: usize = 20;
/// Names that the platform uses for calls of its own.
const RESERVED_NAMES: [&str; 5] =
    ["setup_connection", "confirm_url_elicitation", "ask_user", "approve_tool_call", "openai_mcp_approval"];

impl<S> Toolset<S> {
    /// The tools as the `tools` of an Everruns session or agent, in the order of the toolset.
    ///
    /// Everruns passes schemas to model providers unchanged, and few of those support `$defs`. So recursive types are unrolled
    /// to three levels, below which any object is allowed, with the description "as above". This does not change the arguments
    /// that a tool accepts.
    ///
    /// # Errors
    ///
    /// Returns every problem of the tools (see [`Toolset::check`]), including limits of Everruns: 64 tools, 4096 characters for
    /// a description, 16 KiB for a schema, and names that the platform reserves for calls of its own.
    pub fn everruns_tools(&self) -> Result<ClientToolDefinitions, BuildErrors> {
        let mut problems = ProblemCollector::new();
        problems.check(self.check());
        if self.len() > MAX_TOOLS {
            problems.add("tools", format!("there are {}; Everruns accepts {MAX_TOOLS}", self.len()));
        }
        let is_never_deferred = self.len() <= MAX_NEVER_DEFERRED;
        let tools: Vec<Value> =
            self.descriptors().map(|tool| definition(&tool, is_never_deferred, &mut problems)).collect();
        problems.finish(ClientToolDefinitions(tools))
    }
}

/// The client-side tools of a session: the field `tools` of its request.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientToolDefinitions(Vec<Value>);

impl ClientToolDefinitions {
    /// The names, in the order of the toolset.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|tool| tool["name"].as_str())
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The definitions, as a JSON array.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Array(self.0.clone())
    }
}

impl Serialize for ClientToolDefinitions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

fn definition(tool: &Descriptor, is_never_deferred: bool, problems: &mut ProblemCollector) -> Value {
    let parameters = unroll(tool.input_schema());
    let subject = || format!("tool `{}`", tool.name());
    if RESERVED_NAMES.contains(&tool.name()) {
        problems.add(subject(), "Everruns uses this name for calls of its own; rename the tool");
    }
    let length = tool.description().chars().count();
    if length > MAX_DESCRIPTION_LENGTH {
        let message = format!("the description has {length} characters; Everruns accepts {MAX_DESCRIPTION_LENGTH}");
        problems.add(subject(), message);
    }
    let size = Value::Object(parameters.clone()).to_string().len();
    if size > MAX_SCHEMA_BYTES {
        let message = format!("the schema of the arguments has {size} bytes; Everruns accepts {MAX_SCHEMA_BYTES}");
        problems.add(subject(), message);
    }

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
    if is_never_deferred {
        definition["deferrable"] = "never".into();
    }
    definition
}

/// MCP's hints, with the names of Everruns.
fn hints(hints: Hints) -> Map<String, Value> {
    let named = [
        ("readonly", hints.read_only),
        ("destructive", hints.destructive),
        ("idempotent", hints.idempotent),
        ("open_world", hints.open_world),
    ];
    named.into_iter().filter_map(|(name, hint)| Some((name.to_owned(), hint?.into()))).collect()
}
