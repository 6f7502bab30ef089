//! Checks of an agent graph, in the order and with the messages of the server.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::decode::{AgentRequest, CustomTool, Graph, OptionValue, Provider};
use super::emulated_version::EmulatedVersion;
use super::registry::{RegisteredAgent, Registry};

/// An agent that can be launched.
#[derive(Debug)]
pub(super) struct PlannedAgent {
    pub(super) request: AgentRequest,
    pub(super) agent_type: Arc<RegisteredAgent>,
    /// All options with a value, from the request or by default.
    pub(super) options: Map<String, Value>,
    /// The tools that it may call, by their names for agents.
    pub(super) tools: Vec<(String, CustomTool)>,
    /// The agents that share a group with it.
    pub(super) links: Vec<String>,
}

/// Checks the graph and resolves its agent types.
///
/// # Errors
///
/// Returns the message of the server.
pub(super) fn plan(graph: Graph, registry: &Registry, emulated: EmulatedVersion) -> Result<Vec<PlannedAgent>, String> {
    let Graph { agents, groups, tools } = graph;
    check_unique_names(&agents)?;
    check_groups(&groups, &agents)?;
    check_tools(&agents, &tools)?;
    agents.into_iter().map(|request| plan_agent(request, &groups, &tools, (registry, emulated))).collect()
}

fn check_unique_names(agents: &[AgentRequest]) -> Result<(), String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for AgentRequest { name, .. } in agents {
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let repeated: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 1).map(|(name, count)| format!("{name}={count}")).collect();
    if repeated.is_empty() {
        return Ok(());
    }
    Err(format!("Agent graph contains duplicate agent names: {{{}}}", repeated.join(", ")))
}

fn check_groups(groups: &[Vec<String>], agents: &[AgentRequest]) -> Result<(), String> {
    let members = groups.iter().flatten().map(String::as_str);
    let missing: Vec<&str> = members.filter(|member| !agents.iter().any(|agent| agent.name == *member)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("Agent graph groups contain missing agents: [{}]", missing.join(", ")))
}

fn check_tools(agents: &[AgentRequest], tools: &[(String, CustomTool)]) -> Result<(), String> {
    for AgentRequest { name, tools: requested, .. } in agents {
        let provided = |tool: &&str| tools.iter().any(|(key, _)| key == tool);
        let missing: Vec<&str> = requested.iter().map(String::as_str).filter(|tool| !provided(tool)).collect();
        if !missing.is_empty() {
            return Err(format!(
                "Agent {name} contains custom tools that were not provided : [{}]",
                missing.join(", ")
            ));
        }
    }
    Ok(())
}

fn plan_agent(
    request: AgentRequest,
    groups: &[Vec<String>],
    tools: &[(String, CustomTool)],
    (registry, emulated): (&Registry, EmulatedVersion),
) -> Result<PlannedAgent, String> {
    let agent_type = registry.resolve(&request.id)?;
    agent_type.check_placement(&request)?;
    let options = options(&request, &agent_type, emulated)?;
    let granted = tools.iter().filter(|(key, _)| request.tools.contains(key));
    let tools = granted.map(|(key, tool)| (tool.name.clone().unwrap_or_else(|| key.clone()), tool.clone())).collect();
    let links = links(&request.name, groups);
    Ok(PlannedAgent { request, agent_type, options, tools, links })
}

fn options(
    request: &AgentRequest,
    agent_type: &RegisteredAgent,
    emulated: EmulatedVersion,
) -> Result<Map<String, Value>, String> {
    let AgentRequest { id, options: requested, .. } = request;
    let names_without = |fits: &dyn Fn(&str, &OptionValue) -> bool| {
        let names = requested.iter().filter(|(name, value)| !fits(name, value)).map(|(name, _)| name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let unknown = names_without(&|name, _| agent_type.options().contains_key(name));
    if !unknown.is_empty() {
        return Err(format!("Agent {id} contains unknown options: {unknown}"));
    }
    let mistyped = names_without(&|name, value| {
        agent_type.options().get(name).is_some_and(|option| option.kind.value_type() == value.tag)
    });
    if !mistyped.is_empty() {
        return Err(format!("Agent {id} contains wrong types for options: {mistyped}"));
    }
    let requested = requested.iter().map(|(name, value)| (name.clone(), value.value.clone()));
    let options: Map<String, Value> = agent_type.defaults()?.into_iter().chain(requested).collect();
    for (name, value) in &options {
        let valid = agent_type.check_option(name, value, emulated);
        valid.map_err(|error| format!("Value given for option \"{name}\" is invalid: {error}"))?;
    }
    let missing = agent_type.options().iter().filter(|(name, option)| option.required && !options.contains_key(*name));
    let missing: Vec<&str> = missing.map(|(name, _)| name.as_str()).collect();
    if !missing.is_empty() {
        return Err(format!("Agent {id} is missing required options: {}", missing.join(", ")));
    }
    Ok(options)
}

fn links(name: &str, groups: &[Vec<String>]) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for group in groups.iter().filter(|group| group.iter().any(|member| member == name)) {
        for other in group.iter().filter(|other| *other != name) {
            if !links.contains(other) {
                links.push(other.clone());
            }
        }
    }
    links
}

impl PlannedAgent {
    /// Whether the agent requests a remote server, which has to be paid.
    pub(super) fn is_paid(&self) -> bool {
        self.request.provider == Provider::RemoteRequest
    }
}
