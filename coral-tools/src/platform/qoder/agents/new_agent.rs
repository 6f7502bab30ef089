//! The request for a new agent.

use serde_json::{Value, json};

use crate::build_error::BuildErrors;
use crate::platform::qoder::body::BodyBuilder;
use crate::platform::qoder::custom_tools::{QoderToolDefinitions, check_tools};
use crate::toolset::Toolset;

/// The type of the entry in `tools` that enables built-in tools: all of them if it names none.
const BUILT_IN_TOOLSET: &str = "agent_toolset_20260401";
const KNOWN_FIELDS: [&str; 6] = ["name", "model", "system", "description", "tools", "metadata"];

/// The request for a new agent.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewAgent {
    body: BodyBuilder,
    tools: Vec<Value>,
}

impl NewAgent {
    /// An agent with a name of 1 to 256 characters, and a model: its name, or an object with an `id` and settings.
    pub fn new(name: &str, model: impl Into<Value>) -> Self {
        let mut body = BodyBuilder::new("the agent");
        body.name(name);
        body.set("model", model);
        Self { body, tools: Vec::new() }
    }

    /// The system prompt.
    pub fn system(mut self, prompt: &str) -> Self {
        self.body.set("system", prompt);
        self
    }

    /// A description for people.
    pub fn description(mut self, text: &str) -> Self {
        self.body.set("description", text);
        self
    }

    /// Adds the application's tools.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        self.tools.extend(self.body.tool_definitions(tools));
        self
    }

    /// Adds the application's tools with the schemas that [`Toolset::qoder_tools_with`] selects.
    pub fn custom_tools(mut self, tools: QoderToolDefinitions) -> Self {
        self.tools.extend(tools.into_values());
        self
    }

    /// Enables built-in tools of Qoder, such as `Bash` and `Read`.
    pub fn built_in_tools<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        if names.is_empty() {
            self.body.problem("`built_in_tools` needs a name; an empty list would enable all built-in tools");
        }
        self.tools.push(json!({"type": BUILT_IN_TOOLSET, "enabled_tools": names}));
        self
    }

    /// Adds a tool of any other type, as JSON.
    pub fn other_tool(mut self, tool: Value) -> Self {
        self.tools.push(tool);
        self
    }

    /// Adds a pair of metadata: at most 16 pairs, keys of 1 to 64 characters, values of at most 512 characters.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.body.metadata(key, value);
        self
    }

    /// Sets a field that has no method here.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.body.extra(key, value, &KNOWN_FIELDS);
        self
    }

    /// The request body.
    ///
    /// # Errors
    ///
    /// Returns every problem of the request and its tools.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        let mut body = self.body.clone();
        check_tools(&self.tools, &mut body.problems);
        if !self.tools.is_empty() {
            body.set("tools", self.tools.clone());
        }
        body.finish()
    }
}
