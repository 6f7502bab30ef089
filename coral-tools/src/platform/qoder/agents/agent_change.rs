//! A change of an agent.

use serde_json::Value;

use crate::build_error::BuildErrors;
use crate::platform::qoder::agents::Agent;
use crate::platform::qoder::body::Written;
use crate::platform::qoder::custom_tools::{QoderTools, custom_name, faults_together};
use crate::toolset::Toolset;

/// A change of an agent. Sessions that there are keep the agent as it was.
#[derive(Debug, Clone)]
#[must_use]
pub struct AgentChange {
    written: Written,
    tools: Option<QoderTools>,
    removed: Vec<String>,
}

impl Default for AgentChange {
    fn default() -> Self {
        Self { written: Written::new("the agent"), tools: None, removed: Vec::new() }
    }
}

impl AgentChange {
    /// Nothing is changed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name, of 1 to 256 characters.
    pub fn name(mut self, name: &str) -> Self {
        self.written.name(name);
        self
    }

    /// Another model.
    pub fn model(mut self, model: impl Into<Value>) -> Self {
        self.written.set("model", model);
        self
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

    /// The application's tools: those of their names are replaced, all others stay.
    pub fn tools<S>(mut self, tools: &Toolset<S>) -> Self {
        if let Some(tools) = self.written.checked(tools.qoder_tools()) {
            self.tools = Some(tools);
        }
        self
    }

    /// As [`tools`](Self::tools), as [`Toolset::qoder_tools_in`] has written them.
    pub fn custom_tools(mut self, tools: QoderTools) -> Self {
        self.tools = Some(tools);
        self
    }

    /// A custom tool that the agent is to have no longer.
    pub fn without_tool(mut self, name: &str) -> Self {
        self.removed.push(name.to_owned());
        self
    }

    /// Keeps something with it, or nothing any more: at most 16 pairs, of 64 and 512 characters.
    pub fn metadata(mut self, key: &str, value: Option<&str>) -> Self {
        self.written.metadata(key, value);
        self
    }

    /// A field that this version does not know.
    pub fn extra(mut self, key: &str, value: impl Into<Value>) -> Self {
        let known = ["name", "model", "system", "description", "tools", "metadata", "version"];
        self.written.extra(key, value, &known);
        self
    }

    /// The change to `agent`: lists are replaced as a whole, so what others have put there is written again.
    pub(crate) fn to(&self, agent: &Agent) -> Result<Value, BuildErrors> {
        let mut written = self.written.clone();
        match agent.version {
            Some(version) => written.set("version", version),
            None => written.fault("Qoder did not say its version, without which it cannot be changed"),
        }
        let is_removed =
            |tool: &Value| custom_name(tool).is_some_and(|name| self.removed.iter().any(|removed| removed == name));
        if self.tools.is_some() || !self.removed.is_empty() {
            let kept: Vec<Value> = agent.tools.iter().filter(|tool| !is_removed(tool)).cloned().collect();
            let all = self.tools.as_ref().map_or(kept.clone(), |tools| tools.added_to(&kept));
            written.faults.extend(faults_together(&all));
            written.set("tools", all);
        }
        written.into_json()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::qoder::view::view;
    use crate::{coral_tool, toolset};

    /// Looks.
    #[coral_tool]
    fn look() {}

    fn agent_with(theirs: &str) -> Agent {
        let tool = json!({"type": "custom", "name": theirs});
        view("reading an agent", json!({"id": "agent_1", "version": 1, "tools": [tool]})).expect("an agent")
    }

    #[test]
    fn whatever_others_call_their_tools_ours_can_be_changed() {
        let tools: Toolset = toolset![look];
        for theirs in ["Bash", "mcp__x", "a name that was possible once"] {
            let body = AgentChange::new().tools(&tools).to(&agent_with(theirs)).expect("sound");
            assert_eq!((&body["tools"][0]["name"], &body["tools"][1]["name"]), (&json!(theirs), &json!("look")));
        }
        AgentChange::new().tools(&tools).to(&agent_with("LOOK")).expect_err("they are the same to Qoder");
    }
}
