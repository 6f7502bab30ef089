//! What can be said of a request without a server: every rule, all at once.

mod agents;
mod dialect;
mod groups;
mod names;
mod registry_agent;
mod session;
mod tools;

#[cfg(feature = "dev")]
pub(crate) use self::registry_agent::java_regex::compile as compile_java;
use super::dialect::Dialect;
use super::request::SessionRequest;
use super::settings::RuntimeSettings;
use crate::build_error::{BuildError, BuildErrors, Problems};
use crate::registry::RegistryAgent;

/// Every rule, in the order in which a reader of the request meets what it is about.
const RULES: [fn(&SessionRequest, &mut Problems); 12] = [
    tools::are_sound,
    tools::have_one_name_each,
    agents::can_end,
    agents::have_one_name_each,
    agents::are_sound,
    registry_agent::inspected,
    agents::call_given_tools,
    groups::have_agents,
    session::namespace_is_sound,
    session::settings_are_sound,
    session::deferred_has_no_settings,
    session::extras_are_new,
];

/// What is probably not meant.
const WARNINGS: [fn(&SessionRequest, &mut Problems); 3] =
    [tools::are_used, groups::have_everyone, registry_agent::unchecked];

pub(super) fn request(request: &SessionRequest) -> Result<(), BuildErrors> {
    findings(request, &RULES).into_result()
}

pub(super) fn request_with<'e>(
    request: &SessionRequest,
    entries: impl IntoIterator<Item = &'e RegistryAgent>,
) -> Result<(), BuildErrors> {
    let mut problems = findings(request, &RULES);
    for entry in entries {
        registry_agent::every_agent_of(request, entry, &mut problems);
    }
    problems.into_result()
}

pub(super) fn request_in(request: &SessionRequest, dialect: Dialect) -> Result<(), BuildErrors> {
    let mut problems = findings(request, &RULES);
    dialect::request(request, dialect, &mut problems);
    problems.into_result()
}

pub(super) fn settings(settings: &RuntimeSettings, dialect: Dialect) -> Result<(), BuildErrors> {
    let mut problems = Problems::default();
    session::settings(settings, &mut problems);
    dialect::settings(settings, dialect, &mut problems);
    problems.into_result()
}

pub(super) fn namespace(name: &str) -> Result<(), BuildErrors> {
    let mut problems = Problems::default();
    session::namespace(name, &mut problems);
    problems.into_result()
}

pub(super) fn warnings(request: &SessionRequest) -> Vec<BuildError> {
    findings(request, &WARNINGS).into_vec()
}

fn findings(request: &SessionRequest, rules: &[fn(&SessionRequest, &mut Problems)]) -> Problems {
    let mut problems = Problems::default();
    for rule in rules {
        rule(request, &mut problems);
    }
    problems
}
