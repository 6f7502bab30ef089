//! Rules about the agents of a request.

use super::CheckedAgent;
use super::names::{agent_subject, not_finite, quoted, repeated, segment_problem, text_problem};
use super::tools;
use crate::build_error::ProblemCollector;
use crate::registry::RegistrySource;
use crate::session::agent::Agent;
use crate::session::option::TypedValue;
use crate::session::request::SessionRequest;
use crate::session::runtime::Runtime;

pub(super) fn can_end(request: &SessionRequest, problems: &mut ProblemCollector) {
    if request.agents.is_empty() && !request.deferred && request.settings.ttl.is_none() {
        problems.add("session", "without agents it never ends and cannot be deleted; add an `agent`, or set a `ttl`");
    }
}

pub(super) fn names_are_unique(request: &SessionRequest, problems: &mut ProblemCollector) {
    for name in repeated(request.agents.iter().map(|agent| agent.name.as_str())) {
        let subject = format!("agent `{}`", quoted(name));
        problems.add(subject, "two agents have this name; rename one with `Agent::named`");
    }
}

pub(super) fn valid_agent<'a>(
    request: &SessionRequest,
    agent: &'a Agent,
    problems: &mut ProblemCollector,
) -> CheckedAgent<'a> {
    let subject = agent_subject(agent);
    if let Some(problem) = segment_problem(&agent.name) {
        problems.add(&subject, problem);
    }
    type_is_valid(agent, &subject, problems);
    let options = valid_options(agent, &subject, problems);
    for name in agent.proxies.keys().filter(|name| text_problem(name).is_some()) {
        problems.add(&subject, format!("`{}` is not a valid proxy name", quoted(name)));
    }
    if agent.provider.fractions().iter().any(|number| !number.is_finite()) {
        problems.add(&subject, "its provider contains an infinite or NaN number, which JSON cannot represent");
    }
    CheckedAgent { agent, options, tools: tools::callable(request, agent) }
}

fn type_is_valid(agent: &Agent, subject: &str, problems: &mut ProblemCollector) {
    let server = match &agent.id.source {
        RegistrySource::Linked { linked_server_id } => Some(("linked server name", linked_server_id.as_str())),
        RegistrySource::Local | RegistrySource::Marketplace => None,
    };
    let runtime = match agent.provider.runtime() {
        Runtime::Other(name) => Some(("runtime", name.as_str())),
        _ => None,
    };
    let texts = [("type name", agent.id.name.as_str()), ("version", &agent.id.version)];
    let texts = texts.into_iter().chain(server).chain(runtime);
    for (what, text) in texts.filter(|(_, text)| text_problem(text).is_some()) {
        problems.add(subject, format!("`{}` is not a valid {what}", quoted(text)));
    }
}

fn valid_options<'a>(
    agent: &'a Agent,
    subject: &str,
    problems: &mut ProblemCollector,
) -> Vec<(&'a str, &'a TypedValue)> {
    let mut options = Vec::new();
    for (name, value) in &agent.options {
        if text_problem(name).is_some() {
            problems.add(subject, format!("`{}` is not a valid option name", quoted(name)));
        }
        match value.typed() {
            Some(value) => options.push((name.as_str(), value)),
            None => problems.add(subject, not_finite(name)),
        }
    }
    options
}

pub(super) fn call_declared_tools(request: &SessionRequest, problems: &mut ProblemCollector) {
    // A toolset with errors has been reported, and the names of its tools are unknown.
    if request.tools.iter().any(Result::is_err) {
        return;
    }
    for agent in &request.agents {
        for tool in &agent.tools {
            if !tools::names(request).any(|name| name == *tool) {
                let message = format!(
                    "it can call `{tool}`, which no toolset of this session contains; add one that does with `SessionRequest::tools`"
                );
                problems.add(agent_subject(agent), message);
            }
        }
    }
}
