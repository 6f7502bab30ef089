//! An agent to be made.

use serde_json::{Value, json};

use crate::build_error::BuildErrors;
use crate::platform::qoder::body::Written;
use crate::platform::qoder::custom_tools::{QoderTools, faults};
use crate::toolset::Toolset;

/// Turns on every built-in tool where it names none.
const BUILT_IN: &str = "agent_toolset_20260401";

/// An agent to be made.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewAgent {
    written: Written,
    tools: Vec<Value>,
}

impl NewAgent {
    /// An agent of this name, of 1 to 256 characters, and model.
    pub fn new(name: &str, model: impl Into<Value>) -> Self {
        let mut written = Written::new("the agent");
        written.name(name);
        written.set("model", model);
        Self { written, tools: Vec::new() }
    }

    /// What it is told before everything else.
    pub fn system(mut self, text: &str) -> Self {
        self.written.set("system", text);
        self
    }

    /// What it is for.
    pub fn description(mut self, text: &str) -> Self {
        self.written.set("description", text);
        self
    }

    /// The application's tools.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        self.tools.extend(self.written.tools(tools.qoder_tools()));
        self
    }

    /// The application's tools, as [`Toolset::qoder_tools_in`] has written them.
    pub fn custom_tools(mut self, tools: QoderTools) -> Self {
        self.tools.extend(tools.into_values());
        self
    }

    /// Some of Qoder's own tools, such as `Bash` and `Read`.
    pub fn built_in<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        if names.is_empty() {
            self.written.fault("no built-in tool is named, which to Qoder means all of them");
        }
        self.tools.push(json!({"type": BUILT_IN, "enabled_tools": names}));
        self
    }

    /// A tool of any other kind, as it is written.
    pub fn other_tool(mut self, tool: Value) -> Self {
        self.tools.push(tool);
        self
    }

    /// Something to keep with it: at most 16 pairs, of 64 and 512 characters.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.written.metadata(key, value);
        self
    }

    /// A field that this version does not know.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.written.extra(key, value, &["name", "model", "system", "description", "tools", "metadata"]);
        self
    }

    /// The request's body.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn to_json(&self) -> Result<Value, BuildErrors> {
        let mut written = self.written.clone();
        written.faults.extend(faults(&self.tools));
        if !self.tools.is_empty() {
            written.set("tools", self.tools.clone());
        }
        written.into_json()
    }
}
