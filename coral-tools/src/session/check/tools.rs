//! Rules about the tools of a request.

use super::Faults;
use super::names::repeated;
use crate::session::custom_tools::CustomTools;
use crate::session::request::SessionRequest;

pub(super) fn are_sound(request: &SessionRequest, faults: &mut Faults) {
    let errors = request.tools.iter().filter_map(|tools| tools.as_ref().err());
    faults.0.extend(errors.flatten().cloned());
}

/// A set has each name once, so this is about several sets.
pub(super) fn have_one_name_each(request: &SessionRequest, faults: &mut Faults) {
    for name in repeated(names(request)) {
        faults.add(format!("tool `{name}`"), "two sets of tools have it; give one of the tools another name");
    }
}

pub(super) fn are_used(request: &SessionRequest, faults: &mut Faults) {
    for name in names(request) {
        if !request.agents.iter().any(|agent| agent.tools.contains(&name)) {
            faults.add(format!("tool `{name}`"), "no agent may call it; say `Agent::can_call`, or leave it out");
        }
    }
}

pub(super) fn names(request: &SessionRequest) -> impl Iterator<Item = &'static str> {
    request.tool_sets().flat_map(CustomTools::names)
}
