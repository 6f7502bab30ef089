//! Rules about the agents of a request.

use super::names::{of_agent, repeated, segment_fault, shown, text_fault};
use super::{Problems, tools};
use crate::registry::RegistrySource;
use crate::session::agent::Agent;
use crate::session::request::SessionRequest;

pub(super) fn can_end(request: &SessionRequest, problems: &mut Problems) {
    if request.agents.is_empty() && !request.deferred && request.settings.ttl.is_none() {
        problems.add(
            "session",
            "without agents it would never end, nor could it be deleted; add an `agent`, or give it a `ttl`",
        );
    }
}

pub(super) fn have_one_name_each(request: &SessionRequest, problems: &mut Problems) {
    for name in repeated(request.agents.iter().map(|agent| agent.name.as_str())) {
        let subject = format!("agent `{}`", shown(name));
        problems.add(subject, "two agents have this name; give each its own with `Agent::named`");
    }
}

pub(super) fn are_sound(request: &SessionRequest, problems: &mut Problems) {
    for agent in &request.agents {
        let subject = of_agent(agent);
        problems.add_each(&subject, segment_fault(&agent.name));
        id_is_sound(agent, &subject, problems);
        options_are_sound(agent, &subject, problems);
        for name in agent.proxies.keys().filter(|name| text_fault(name).is_some()) {
            problems.add(&subject, format!("proxy `{}` is no name of a proxy", shown(name)));
        }
        if agent.provider.fractions().iter().any(|number| !number.is_finite()) {
            problems.add(&subject, "a number of its provider is infinite or none at all; JSON cannot say it");
        }
    }
}

fn id_is_sound(agent: &Agent, subject: &str, problems: &mut Problems) {
    let server = match &agent.id.source {
        RegistrySource::Linked { linked_server_id } => Some(("linked server", linked_server_id)),
        RegistrySource::Local | RegistrySource::Marketplace => None,
    };
    let texts = [("type", &agent.id.name), ("version", &agent.id.version)].into_iter().chain(server);
    for (what, text) in texts.filter(|(_, text)| text_fault(text).is_some()) {
        problems.add(subject, format!("`{}` names no {what}", shown(text)));
    }
}

fn options_are_sound(agent: &Agent, subject: &str, problems: &mut Problems) {
    for (name, value) in &agent.options {
        if text_fault(name).is_some() {
            problems.add(subject, format!("`{}` is no name of an option", shown(name)));
        }
        if value.is_not_finite() {
            let message = format!("option `{}` holds a number that is infinite or none at all", shown(name));
            problems.add(subject, message);
        }
    }
}

pub(super) fn call_given_tools(request: &SessionRequest, problems: &mut Problems) {
    // A set that cannot be told is reported as such; which names it would have had is not known any more.
    if request.tools.iter().any(Result::is_err) {
        return;
    }
    for agent in &request.agents {
        for tool in &agent.tools {
            if !tools::names(request).any(|name| name == *tool) {
                let message = format!(
                    "it may call `{tool}`, which is in no set of tools of this session; pass one that has it to `SessionRequest::tools`"
                );
                problems.add(of_agent(agent), message);
            }
        }
    }
}
