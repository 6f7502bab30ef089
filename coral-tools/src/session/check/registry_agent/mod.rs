//! Rules about agents whose type is known from a registry.

mod constraints;
pub(super) mod java_regex;
mod options;

use super::names::{of_agent, shown};
use crate::build_error::Problems;
use crate::registry::{AgentTypeId, PlacementRestriction, RegistryAgent, RegistrySource, ReportedRegistry};
use crate::session::agent::{Agent, LoadedRegistryAgent};
use crate::session::provider::Provider;
use crate::session::request::SessionRequest;
use crate::session::runtime::Runtime;

/// Agents that carry the entry of their type.
pub(super) fn inspected(request: &SessionRequest, problems: &mut Problems) {
    for agent in &request.agents {
        match agent.registry_agent.as_ref().map(|loaded| &loaded.0) {
            Some(Ok(entry)) if is_of(&agent.id, entry) => check(agent, entry, problems),
            Some(Ok(entry)) => problems.add(of_agent(agent), other_type(entry)),
            Some(Err(error)) => problems.add(of_agent(agent), format!("the registry's entry of its type: {error}")),
            None => {}
        }
    }
}

/// Agents of one type, whatever entry they carry themselves.
pub(super) fn every_agent_of(request: &SessionRequest, entry: &RegistryAgent, problems: &mut Problems) {
    for agent in request.agents.iter().filter(|agent| is_of(&agent.id, entry)) {
        check(agent, entry, problems);
    }
}

/// What is said of options that only the server can check.
pub(super) fn unchecked(request: &SessionRequest, problems: &mut Problems) {
    for agent in &request.agents {
        let Some(LoadedRegistryAgent(Ok(entry))) = &agent.registry_agent else { continue };
        for (name, _) in &agent.options {
            let regex = entry.options.get(name).and_then(|option| option.validation.regex.as_deref());
            if let Some(Err(construct)) = regex.map(java_regex::compile) {
                let name = shown(name);
                let message =
                    format!("option `{name}`: its regular expression has {construct}, so only the server can apply it");
                problems.add(of_agent(agent), message);
            }
        }
    }
}

fn check(agent: &Agent, entry: &RegistryAgent, problems: &mut Problems) {
    let subject = of_agent(agent);
    restrictions(agent, entry, &subject, problems);
    runtime(agent, entry, &subject, problems);
    options::check(agent, entry, &subject, problems);
    proxies(agent, entry, &subject, problems);
}

/// An entry that does not say which registry it is from may be from any.
fn is_of(id: &AgentTypeId, entry: &RegistryAgent) -> bool {
    let same_source = match (&id.source, &entry.id.source) {
        (_, None)
        | (RegistrySource::Local, Some(ReportedRegistry::Local))
        | (RegistrySource::Marketplace, Some(ReportedRegistry::Marketplace)) => true,
        (RegistrySource::Linked { linked_server_id }, Some(ReportedRegistry::Linked { server })) => {
            server.as_ref().is_none_or(|server| server == linked_server_id)
        }
        _ => false,
    };
    same_source && id.name == entry.id.name && id.version == entry.id.version
}

fn other_type(entry: &RegistryAgent) -> String {
    let source = match &entry.id.source {
        None => String::new(),
        Some(ReportedRegistry::Local) => " of the local registry".to_owned(),
        Some(ReportedRegistry::Marketplace) => " of the marketplace".to_owned(),
        Some(ReportedRegistry::Linked { server: Some(server) }) => format!(" of server `{}`", shown(server)),
        Some(_) => " of another registry".to_owned(),
    };
    let (name, version) = (shown(&entry.id.name), shown(&entry.id.version));
    format!("it is inspected with the entry of `{name}` {version}{source}, which is another type")
}

fn restrictions(agent: &Agent, entry: &RegistryAgent, subject: &str, problems: &mut Problems) {
    for restriction in &entry.restrictions {
        let (keeps, place) = match (restriction, &agent.provider) {
            (PlacementRestriction::Local, provider) => {
                (matches!(provider, Provider::Local { .. }), "the server itself; say `Provider::Local`".to_owned())
            }
            (PlacementRestriction::Remote, provider) => {
                (matches!(provider, Provider::RemoteRequest(_)), "remote servers; say `Provider::RemoteRequest`".into())
            }
            (PlacementRestriction::Linked { server: Some(server) }, Provider::Linked { linked_server_name, .. }) => {
                (server == linked_server_name, on_linked(Some(server)))
            }
            (PlacementRestriction::Linked { server }, provider) => {
                (server.is_none() && matches!(provider, Provider::Linked { .. }), on_linked(server.as_deref()))
            }
            (PlacementRestriction::Other(_), _) => continue,
        };
        if !keeps {
            problems.add_once(subject, format!("its type runs nowhere but on {place}"));
        }
    }
}

fn on_linked(server: Option<&str>) -> String {
    match server {
        Some(server) => format!("linked server `{}`; say `Provider::Linked` with its name", shown(server)),
        None => "a linked server; say `Provider::Linked`".to_owned(),
    }
}

/// Servers look for the runtime only when they launch the agent. What a remote server offers is its own to say.
fn runtime(agent: &Agent, entry: &RegistryAgent, subject: &str, problems: &mut Problems) {
    let (Provider::Local { runtime } | Provider::Linked { runtime, .. }) = &agent.provider else { return };
    let runtime = runtime_name(*runtime);
    if entry.runtimes.contains_key(runtime) {
        return;
    }
    let offered = constraints::either(entry.runtimes.keys().map(|name| format!("`{}`", shown(name))));
    let offered = if offered.is_empty() { "none".to_owned() } else { offered };
    let message =
        format!("its type does not offer runtime `{runtime}`, so it would die at its launch; it offers {offered}");
    problems.add_once(subject, message);
}

fn runtime_name(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::Executable => "executable",
        Runtime::Docker => "docker",
        Runtime::Function => "function",
        Runtime::Prototype => "prototype",
    }
}

/// Servers ignore one that the type does not have.
fn proxies(agent: &Agent, entry: &RegistryAgent, subject: &str, problems: &mut Problems) {
    for name in agent.proxies.keys().filter(|name| !entry.proxies().any(|known| known == *name)) {
        let known = constraints::either(entry.proxies().map(|name| format!("`{}`", shown(name))));
        let known = if known.is_empty() { "none".to_owned() } else { known };
        let message = format!("its type has no model proxy `{}`, so it would be ignored; it has {known}", shown(name));
        problems.add_once(subject, message);
    }
}
