//! Decodes requests as strictly as coral-server 1.2 does, and applies its rules to the result.

#![expect(dead_code, reason = "only decoding is checked")]

mod agent;
mod option;
mod provider;

use std::collections::{BTreeMap, BTreeSet};

use coral_tools::Dialect;
use serde::Deserialize;
use serde_json::{Map, Value};

use self::agent::Agent;
use super::super::decoder;

type StringMap = BTreeMap<String, String>;

/// Decodes the request as a server of this version does, or returns the reason why it cannot.
pub(super) fn decode(dialect: Dialect, request: &str) -> Result<(), String> {
    let read: Request = serde_json::from_str(request).map_err(|error| error.to_string())?;
    let graph = &read.agent_graph_request;
    if dialect == Dialect::Server1_1 {
        graph.agents.iter().try_for_each(Agent::check_1_1)?;
    }
    decoder::decode(dialect, &Value::from(graph.custom_tools.clone()).to_string())?;
    graph.check()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    agent_graph_request: Graph,
    namespace_provider: NamespaceProvider,
    #[serde(default)]
    execution: Execution,
    #[serde(default)]
    annotations: StringMap,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Graph {
    agents: Vec<Agent>,
    #[serde(default)]
    groups: BTreeSet<BTreeSet<String>>,
    #[serde(default)]
    custom_tools: Map<String, Value>,
}

impl Graph {
    fn check(&self) -> Result<(), String> {
        let names: BTreeSet<_> = self.agents.iter().map(|agent| &agent.name).collect();
        if names.len() < self.agents.len() {
            return Err("Agent graph contains duplicate agent names".to_owned());
        }
        if let Some(name) = self.groups.iter().flatten().find(|name| !names.contains(name)) {
            return Err(format!("Agent graph groups contain missing agents: [{name}]"));
        }
        let mut access = self.agents.iter().flat_map(|agent| &agent.custom_tool_access);
        match access.find(|tool| !self.custom_tools.contains_key(*tool)) {
            Some(tool) => Err(format!("custom tools that were not provided : [{tool}]")),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
enum NamespaceProvider {
    UseExisting { name: String },
    CreateIfNotExists { namespace_request: NamespaceRequest },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NamespaceRequest {
    name: String,
    #[serde(default)]
    delete_on_last_session_exit: bool,
    #[serde(default)]
    annotations: StringMap,
}

#[derive(Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Execution {
    Defer {},
    Immediate {
        #[serde(default)]
        runtime_settings: RuntimeSettings,
    },
}

impl Default for Execution {
    fn default() -> Self {
        Self::Immediate { runtime_settings: RuntimeSettings::default() }
    }
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct RuntimeSettings {
    ttl: Option<i64>,
    extended_end_report: bool,
    persistence_mode: Persistence,
    webhooks: Webhooks,
}

#[derive(Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
enum Persistence {
    None {},
    MinimumTime { time: i64 },
    HoldAfterExit { duration: i64 },
}

impl Default for Persistence {
    fn default() -> Self {
        Self::None {}
    }
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Webhooks {
    session_end: Option<SessionEnd>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionEnd {
    url: String,
}
