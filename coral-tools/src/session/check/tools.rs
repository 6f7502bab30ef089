//! Rules about the tools of a request.

use super::names::repeated;
use crate::build_error::Problems;
use crate::session::custom_tools::CustomTools;
use crate::session::request::SessionRequest;

pub(super) fn are_sound(request: &SessionRequest, problems: &mut Problems) {
    let errors = request.tools.iter().filter_map(|tools| tools.as_ref().err());
    errors.for_each(|errors| problems.extend(errors));
}

/// A set has each name once, so this is about several sets.
pub(super) fn have_one_name_each(request: &SessionRequest, problems: &mut Problems) {
    for name in repeated(names(request)) {
        problems.add(format!("tool `{name}`"), "two sets of tools have it; give one of the tools another name");
    }
}

pub(super) fn are_used(request: &SessionRequest, problems: &mut Problems) {
    for name in names(request) {
        if !request.agents.iter().any(|agent| agent.tools.contains(&name)) {
            problems.add(format!("tool `{name}`"), "no agent may call it; say `Agent::can_call`, or leave it out");
        }
    }
}

pub(super) fn names(request: &SessionRequest) -> impl Iterator<Item = &'static str> {
    request.tool_sets().flat_map(CustomTools::names)
}
