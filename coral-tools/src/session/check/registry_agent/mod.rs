//! Rules about agents whose registry agent is known.

mod constraints;
pub(super) mod java_regex;
mod options;

use super::names::{agent_subject, quoted};
use crate::build_error::ProblemCollector;
use crate::registry::{AgentTypeId, PlacementRestriction, RegistryAgent, RegistrySource, ReportedRegistry};
use crate::session::agent::{Agent, LoadedRegistryAgent};
use crate::session::provider::AgentProvider;
use crate::session::request::SessionRequest;

/// Checks each agent against the registry agent attached to it by [`Agent::inspected`].
pub(super) fn attached(request: &SessionRequest, problems: &mut ProblemCollector) {
    for agent in &request.agents {
        match agent.registry_agent.as_ref().map(|loaded| &loaded.0) {
            Some(Ok(registry_agent)) if has_type(&agent.id, registry_agent) => check(agent, registry_agent, problems),
            Some(Ok(registry_agent)) => problems.add(agent_subject(agent), other_type(registry_agent)),
            Some(Err(error)) => {
                problems.add(agent_subject(agent), format!("its registry agent could not be decoded: {error}"));
            }
            None => {}
        }
    }
}

/// Checks every agent of the type, whatever is attached to it.
pub(super) fn every_agent_of(
    request: &SessionRequest,
    registry_agent: &RegistryAgent,
    problems: &mut ProblemCollector,
) {
    for agent in request.agents.iter().filter(|agent| has_type(&agent.id, registry_agent)) {
        check(agent, registry_agent, problems);
    }
}

/// Warns of regular expressions that only the server can check.
pub(super) fn unchecked_patterns(request: &SessionRequest, problems: &mut ProblemCollector) {
    for agent in &request.agents {
        let Some(LoadedRegistryAgent(Ok(registry_agent))) = &agent.registry_agent else { continue };
        for (name, _) in &agent.options {
            let regex = registry_agent.options.get(name).and_then(|option| option.constraints.regex.as_deref());
            if let Some(Err(construct)) = regex.map(java_regex::compile) {
                let name = quoted(name);
                let message = format!(
                    "option `{name}`: its regular expression contains {construct}, so only the server can check it"
                );
                problems.add(agent_subject(agent), message);
            }
        }
    }
}

fn check(agent: &Agent, registry_agent: &RegistryAgent, problems: &mut ProblemCollector) {
    let subject = agent_subject(agent);
    restrictions(agent, registry_agent, &subject, problems);
    runtime(agent, registry_agent, &subject, problems);
    options::check(agent, registry_agent, &subject, problems);
    proxies(agent, registry_agent, &subject, problems);
}

/// A registry agent without a source may be from any registry.
fn has_type(id: &AgentTypeId, registry_agent: &RegistryAgent) -> bool {
    let same_source = match (&id.source, &registry_agent.id.source) {
        (_, None)
        | (RegistrySource::Local, Some(ReportedRegistry::Local))
        | (RegistrySource::Marketplace, Some(ReportedRegistry::Marketplace)) => true,
        (RegistrySource::Linked { linked_server_id }, Some(ReportedRegistry::Linked { server })) => {
            server.as_ref().is_none_or(|server| server == linked_server_id)
        }
        _ => false,
    };
    same_source && id.name == registry_agent.id.name && id.version == registry_agent.id.version
}

fn other_type(registry_agent: &RegistryAgent) -> String {
    let source = match &registry_agent.id.source {
        None => String::new(),
        Some(ReportedRegistry::Local) => " of the local registry".to_owned(),
        Some(ReportedRegistry::Marketplace) => " of the marketplace".to_owned(),
        Some(ReportedRegistry::Linked { server: Some(server) }) => format!(" of server `{}`", quoted(server)),
        Some(_) => " of another registry".to_owned(),
    };
    let (name, version) = (quoted(&registry_agent.id.name), quoted(&registry_agent.id.version));
    format!("it has another type than the registry agent passed to `Agent::inspected`, `{name}` {version}{source}")
}

fn restrictions(agent: &Agent, registry_agent: &RegistryAgent, subject: &str, problems: &mut ProblemCollector) {
    for restriction in &registry_agent.restrictions {
        let (is_met, place) = match (restriction, &agent.provider) {
            (PlacementRestriction::Local, provider) => (
                matches!(provider, AgentProvider::Local { .. }),
                "the server itself; use `AgentProvider::Local`".to_owned(),
            ),
            (PlacementRestriction::Remote, provider) => (
                matches!(provider, AgentProvider::RemoteRequest(_)),
                "remote servers; use `AgentProvider::RemoteRequest`".into(),
            ),
            (
                PlacementRestriction::Linked { server: Some(server) },
                AgentProvider::Linked { linked_server_name, .. },
            ) => (server == linked_server_name, linked_server(Some(server))),
            (PlacementRestriction::Linked { server }, provider) => {
                (server.is_none() && matches!(provider, AgentProvider::Linked { .. }), linked_server(server.as_deref()))
            }
            (PlacementRestriction::Other(_), _) => continue,
        };
        if !is_met {
            problems.add_once(subject, format!("its type runs only on {place}"));
        }
    }
}

fn linked_server(server: Option<&str>) -> String {
    match server {
        Some(server) => format!("linked server `{}`; use `AgentProvider::Linked` with its name", quoted(server)),
        None => "a linked server; use `AgentProvider::Linked`".to_owned(),
    }
}

/// Servers check the runtime only when they start the agent. The runtimes of remote servers are unknown.
fn runtime(agent: &Agent, registry_agent: &RegistryAgent, subject: &str, problems: &mut ProblemCollector) {
    let (AgentProvider::Local { runtime } | AgentProvider::Linked { runtime, .. }) = &agent.provider else { return };
    if registry_agent.runtimes.contains_key(runtime.name()) {
        return;
    }
    let offered = available(registry_agent.runtimes.keys().map(String::as_str));
    let runtime = quoted(runtime.name());
    let message =
        format!("its type does not offer runtime `{runtime}`, so it would fail to start; available: {offered}");
    problems.add_once(subject, message);
}

/// Servers ignore proxies that the type does not have.
fn proxies(agent: &Agent, registry_agent: &RegistryAgent, subject: &str, problems: &mut ProblemCollector) {
    for name in agent.proxies.keys().filter(|name| !registry_agent.proxies().any(|known| known == *name)) {
        let known = available(registry_agent.proxies());
        let name = quoted(name);
        let message = format!("its type has no model proxy `{name}`, so servers would ignore it; available: {known}");
        problems.add_once(subject, message);
    }
}

/// The names in backticks, or `none`.
fn available<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names = constraints::shortened(names.map(|name| format!("`{}`", quoted(name))));
    if names.is_empty() { "none".to_owned() } else { names }
}
