//! Rules about the tools of a request.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::names::repeated;
use crate::build_error::ProblemCollector;
use crate::session::agent::Agent;
use crate::session::binding::{CheckedBinding, default_lifetime, path_of};
use crate::session::custom_tools::CustomTools;
use crate::session::request::SessionRequest;

pub(super) fn valid_sets<'a>(request: &'a SessionRequest, problems: &mut ProblemCollector) -> Vec<&'a CustomTools> {
    request.tools.iter().filter_map(|tools| problems.check(tools.as_ref().map_err(Clone::clone))).collect()
}

/// Names within one toolset are unique already, so this is about several toolsets.
pub(super) fn names_are_unique(request: &SessionRequest, problems: &mut ProblemCollector) {
    for name in repeated(names(request)) {
        problems.add(format!("tool `{name}`"), "two toolsets contain a tool of this name; rename one of the tools");
    }
}

/// The calls of a session are read from one store, in the order in which they were recorded.
pub(super) fn share_a_store(request: &SessionRequest, problems: &mut ProblemCollector) {
    let mut stores = request.tools.iter().flatten().filter_map(CustomTools::store);
    let Some(first) = stores.next() else { return };
    if stores.any(|store| !Arc::ptr_eq(first, store)) {
        problems.add(
            "tools",
            "its toolsets have different stores; give them the same one with `Toolset::with_shared_store`",
        );
    }
}

/// Each call would be rejected if the tools had another path than the keys.
pub(super) fn valid_binding<'a>(
    request: &'a SessionRequest,
    problems: &mut ProblemCollector,
) -> Option<CheckedBinding<'a>> {
    let binding = request.binding.as_ref()?;
    let expected = binding.keys.base_path();
    for path in request.tools.iter().flatten().map(|tools| path_of(tools.base_url())).filter(|path| *path != expected) {
        let message =
            format!("their claims would be for the path `{expected}`; give `ClaimKeys::new` the base URL of the tools");
        problems.add_once(format!("tools at the path `{path}`"), message);
    }
    let lifetime = request.claim_lifetime.unwrap_or_else(|| default_lifetime(request.settings.ttl));
    if lifetime < Duration::from_secs(1) {
        problems.add("lifetime of claims", "it is less than a second");
    }
    let value = problems.check(binding.value.as_ref().map_err(Clone::clone))?;
    Some(CheckedBinding { keys: &binding.keys, value, lifetime })
}

pub(super) fn are_called(request: &SessionRequest, problems: &mut ProblemCollector) {
    for name in names(request) {
        if !request.agents.iter().any(|agent| callable(request, agent).iter().any(|tool| tool == name)) {
            problems.add(format!("tool `{name}`"), "no agent can call it; add `Agent::can_call`, or remove the tool");
        }
    }
}

pub(super) fn schemas_suit_every_provider(request: &SessionRequest, problems: &mut ProblemCollector) {
    for warning in request.tools.iter().flatten().flat_map(CustomTools::warnings) {
        problems.add(warning.subject(), warning.message());
    }
}

/// Returns the names of the tools that an agent can call: with each tool that has tickets, also the one that returns their results.
pub(super) fn callable<'a>(request: &SessionRequest, agent: &'a Agent) -> Vec<Cow<'a, str>> {
    let mut callable: Vec<Cow<'a, str>> = Vec::new();
    for tool in &agent.tools {
        let result_tool = request.tools.iter().flatten().find_map(|tools| tools.result_tool(tool));
        for name in [Some(Cow::Borrowed(&**tool)), result_tool.map(Cow::Owned)].into_iter().flatten() {
            if !callable.contains(&name) {
                callable.push(name);
            }
        }
    }
    callable
}

/// The names in the toolsets without errors.
pub(super) fn names(request: &SessionRequest) -> impl Iterator<Item = &str> {
    request.tools.iter().flatten().flat_map(CustomTools::names)
}
