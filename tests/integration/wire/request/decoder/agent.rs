//! An agent of a request.

#![expect(dead_code, reason = "only decoding is checked")]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::StringMap;
use super::option::OptionValue;
use super::provider::{AgentProvider, Runtime};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Agent {
    id: Id,
    pub(super) name: String,
    provider: AgentProvider,
    description: Option<String>,
    system_prompt: Option<String>,
    blocking: Option<bool>,
    #[serde(default)]
    options: BTreeMap<String, OptionValue>,
    #[serde(default)]
    pub(super) custom_tool_access: BTreeSet<String>,
    #[serde(default)]
    plugins: Vec<Plugin>,
    #[serde(default)]
    x402_budgets: Vec<X402Budget>,
    #[serde(default)]
    proxies: Option<BTreeMap<String, Proxy>>,
    #[serde(default)]
    annotations: StringMap,
}

impl Agent {
    pub(super) fn check_1_1(&self) -> Result<(), String> {
        let prototype = matches!(
            self.provider,
            AgentProvider::Local { runtime: Runtime::Prototype }
                | AgentProvider::Linked { runtime: Runtime::Prototype, .. }
        );
        if self.proxies.is_some() || prototype {
            Err("coral-server 1.1 has neither proxies nor the runtime `prototype`".to_owned())
        } else {
            Ok(())
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Id {
    name: String,
    version: String,
    registry_source_id: RegistrySource,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
enum RegistrySource {
    Local {},
    Marketplace {},
    Linked { linked_server_id: String },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Plugin {
    CloseSessionTool {},
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct X402Budget {
    priority: i32,
    resource: String,
    remaining_budget: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Proxy {
    configuration_name: String,
    model_name: String,
}
