//! The request that changes an agent.

use serde_json::Value;

use crate::build_error::BuildErrors;
use crate::platform::qoder::agents::agent::Agent;
use crate::platform::qoder::body::BodyBuilder;
use crate::platform::qoder::custom_tools::{QoderToolDefinitions, check_together, custom_tool_name};
use crate::toolset::Toolset;

const KNOWN_FIELDS: [&str; 7] = ["name", "model", "system", "description", "tools", "metadata", "version"];

/// A change of an agent. Existing sessions keep the agent as it was when they were created.
#[derive(Debug, Clone)]
#[must_use]
pub struct AgentChange {
    body: BodyBuilder,
    tools: Option<QoderToolDefinitions>,
    removed_tools: Vec<String>,
}

impl Default for AgentChange {
    fn default() -> Self {
        Self { body: BodyBuilder::new("the agent"), tools: None, removed_tools: Vec::new() }
    }
}

impl AgentChange {
    /// An empty change.
    pub fn new() -> Self {
        Self::default()
    }

    /// The new name, of 1 to 256 characters.
    pub fn name(mut self, name: &str) -> Self {
        self.body.name(name);
        self
    }

    /// The new model: its name, or an object with an `id` and settings.
    pub fn model(mut self, model: impl Into<Value>) -> Self {
        self.body.set("model", model);
        self
    }

    /// The new system prompt.
    pub fn system(mut self, prompt: &str) -> Self {
        self.body.set("system", prompt);
        self
    }

    /// The new description.
    pub fn description(mut self, text: &str) -> Self {
        self.body.set("description", text);
        self
    }

    /// Sets the application's tools: tools with the same names are replaced, all others stay.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        if let Some(tools) = self.body.problems.check(tools.qoder_tools()) {
            self.tools = Some(tools);
        }
        self
    }

    /// As [`tools`](Self::tools), with the schemas that [`Toolset::qoder_tools_with`] selects.
    pub fn custom_tools(mut self, tools: QoderToolDefinitions) -> Self {
        self.tools = Some(tools);
        self
    }

    /// Removes a custom tool.
    pub fn remove_tool(mut self, name: &str) -> Self {
        self.removed_tools.push(name.to_owned());
        self
    }

    /// Sets a pair of metadata, or removes it if `value` is `None`: at most 16 pairs, keys of 1 to 64 characters, values of at
    /// most 512 characters.
    pub fn metadata(mut self, key: &str, value: Option<&str>) -> Self {
        self.body.metadata(key, value);
        self
    }

    /// Sets a field that has no method here.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.body.extra(key, value, &KNOWN_FIELDS);
        self
    }

    /// The request body for `agent`. Qoder replaces the whole list of tools, so it contains the agent's other tools as well.
    pub(crate) fn to_json(&self, agent: &Agent) -> Result<Value, BuildErrors> {
        let mut body = self.body.clone();
        match agent.version {
            Some(version) => body.set("version", version),
            None => body.problem("Qoder did not return its version, which a change requires"),
        }
        let is_removed = |tool: &Value| {
            custom_tool_name(tool).is_some_and(|name| self.removed_tools.iter().any(|removed| removed == name))
        };
        if self.tools.is_some() || !self.removed_tools.is_empty() {
            let kept: Vec<Value> = agent.tools.iter().filter(|tool| !is_removed(tool)).cloned().collect();
            let tools = self.tools.as_ref().map_or(kept.clone(), |tools| tools.merged_into(&kept));
            check_together(&tools, &mut body.problems);
            body.set("tools", tools);
        }
        body.finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::FromJson;
    use crate::{coral_tool, toolset};

    /// Looks.
    #[coral_tool]
    fn look() {}

    fn agent_with_tool(name: &str) -> Agent {
        let tool = json!({"type": "custom", "name": name});
        Agent::from_json(json!({"id": "agent_1", "version": 1, "tools": [tool]})).expect("an agent")
    }

    #[test]
    fn invalid_names_of_other_tools_do_not_prevent_a_change() {
        let tools: Toolset = toolset![look];
        for other in ["Bash", "mcp__x", "a name with spaces"] {
            let body = AgentChange::new().tools(&tools).to_json(&agent_with_tool(other)).expect("valid");
            assert_eq!((&body["tools"][0]["name"], &body["tools"][1]["name"]), (&json!(other), &json!("look")));
        }
        AgentChange::new().tools(&tools).to_json(&agent_with_tool("LOOK")).expect_err("they differ only in case");
    }
}
