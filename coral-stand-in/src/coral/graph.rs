//! What a server checks of an agent graph, in its order and its words.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::decode::{AgentRequest, CustomTool, Graph, OptionValue, Provider};
use super::plays::Plays;
use super::registry::{Entry, Registry};

/// An agent that can be launched.
#[derive(Debug)]
pub(super) struct PlannedAgent {
    pub(super) request: AgentRequest,
    pub(super) entry: Arc<Entry>,
    /// Every option that has a value, given or by default.
    pub(super) options: Map<String, Value>,
    /// What it may call, by the names that it knows.
    pub(super) tools: Vec<(String, CustomTool)>,
    /// Who it shares a group with.
    pub(super) links: Vec<String>,
}

/// # Errors
///
/// The server's sentence.
pub(super) fn plan(graph: Graph, registry: &Registry, plays: Plays) -> Result<Vec<PlannedAgent>, String> {
    let Graph { agents, groups, tools } = graph;
    names_are_unique(&agents)?;
    groups_are_of_agents(&groups, &agents)?;
    tools_are_provided(&agents, &tools)?;
    agents.into_iter().map(|request| planned(request, &groups, &tools, (registry, plays))).collect()
}

fn names_are_unique(agents: &[AgentRequest]) -> Result<(), String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for AgentRequest { name, .. } in agents {
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let twice: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 1).map(|(name, count)| format!("{name}={count}")).collect();
    if twice.is_empty() {
        return Ok(());
    }
    Err(format!("Agent graph contains duplicate agent names: {{{}}}", twice.join(", ")))
}

fn groups_are_of_agents(groups: &[Vec<String>], agents: &[AgentRequest]) -> Result<(), String> {
    let members = groups.iter().flatten().map(String::as_str);
    let missing: Vec<&str> = members.filter(|member| !agents.iter().any(|agent| agent.name == *member)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("Agent graph groups contain missing agents: [{}]", missing.join(", ")))
}

fn tools_are_provided(agents: &[AgentRequest], tools: &[(String, CustomTool)]) -> Result<(), String> {
    for AgentRequest { name, tools: wanted, .. } in agents {
        let provided = |tool: &&str| tools.iter().any(|(key, _)| key == tool);
        let missing: Vec<&str> = wanted.iter().map(String::as_str).filter(|tool| !provided(tool)).collect();
        if !missing.is_empty() {
            return Err(format!(
                "Agent {name} contains custom tools that were not provided : [{}]",
                missing.join(", ")
            ));
        }
    }
    Ok(())
}

fn planned(
    request: AgentRequest,
    groups: &[Vec<String>],
    tools: &[(String, CustomTool)],
    (registry, plays): (&Registry, Plays),
) -> Result<PlannedAgent, String> {
    let entry = registry.resolve(&request.id)?;
    entry.permit(&request)?;
    let options = options(&request, &entry, plays)?;
    let granted = tools.iter().filter(|(key, _)| request.tools.contains(key));
    let tools = granted.map(|(key, tool)| (tool.name.clone().unwrap_or_else(|| key.clone()), tool.clone())).collect();
    let links = links(&request.name, groups);
    Ok(PlannedAgent { request, entry, options, tools, links })
}

fn options(request: &AgentRequest, entry: &Entry, plays: Plays) -> Result<Map<String, Value>, String> {
    let AgentRequest { id, options: given, .. } = request;
    let named = |fits: &dyn Fn(&str, &OptionValue) -> bool| {
        let unfit = given.iter().filter(|(name, value)| !fits(name, value)).map(|(name, _)| name.as_str());
        unfit.collect::<Vec<_>>().join(", ")
    };
    let unknown = named(&|name, _| entry.options().contains_key(name));
    if !unknown.is_empty() {
        return Err(format!("Agent {id} contains unknown options: {unknown}"));
    }
    let mistyped =
        named(&|name, value| entry.options().get(name).is_some_and(|option| option.kind.name() == value.tag));
    if !mistyped.is_empty() {
        return Err(format!("Agent {id} contains wrong types for options: {mistyped}"));
    }
    let given = given.iter().map(|(name, value)| (name.clone(), value.value.clone()));
    let options: Map<String, Value> = entry.defaults()?.into_iter().chain(given).collect();
    for (name, value) in &options {
        let valid = entry.require(name, value, plays);
        valid.map_err(|fault| format!("Value given for option \"{name}\" is invalid: {fault}"))?;
    }
    let missing = entry.options().iter().filter(|(name, option)| option.required && !options.contains_key(*name));
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
    /// Whether it wants to be run by a server that has to be paid.
    pub(super) fn is_paid(&self) -> bool {
        self.request.provider == Provider::RemoteRequest
    }
}
