//! Checks of a request that need no server: every rule runs, and all problems are reported at once.

mod agents;
mod checked;
mod dialect;
mod groups;
mod names;
mod registry_agent;
mod session;
mod tools;

pub use self::checked::CheckedRequest;
pub(super) use self::checked::{CheckedAgent, CheckedPersistence, CheckedSettings, Millis};
use super::dialect::Dialect;
use super::request::SessionRequest;
use super::settings::RuntimeSettings;
use crate::build_error::{BuildError, BuildErrors, ProblemCollector};
use crate::registry::RegistryAgent;

/// Every rule, in the order in which a reader of the request meets its subject. The result is complete unless a
/// problem was found.
fn check<'a>(request: &'a SessionRequest, problems: &mut ProblemCollector) -> CheckedRequest<'a> {
    let tools = tools::valid_sets(request, problems);
    tools::names_are_unique(request, problems);
    tools::share_a_store(request, problems);
    let binding = tools::valid_binding(request, problems);
    agents::can_end(request, problems);
    agents::names_are_unique(request, problems);
    let agents = request.agents.iter().map(|agent| agents::valid_agent(request, agent, problems)).collect();
    registry_agent::attached(request, problems);
    agents::call_declared_tools(request, problems);
    groups::contain_agents(request, problems);
    session::namespace(request.namespace(), problems);
    let settings = session::valid_settings(&request.settings, &request.tools, problems);
    session::deferred_has_no_settings(request, problems);
    session::extra_fields_are_unknown(request, problems);
    CheckedRequest::new(request, tools, binding, agents, settings)
}

/// Valid, but probably unintended.
const WARNINGS: [fn(&SessionRequest, &mut ProblemCollector); 4] =
    [tools::are_called, tools::schemas_suit_every_provider, groups::connect_agents, registry_agent::unchecked_patterns];

pub(super) fn request(request: &SessionRequest) -> Result<CheckedRequest<'_>, BuildErrors> {
    let mut problems = ProblemCollector::new();
    let checked = check(request, &mut problems);
    problems.finish(checked)
}

pub(super) fn request_with<'e>(
    request: &SessionRequest,
    registry_agents: impl IntoIterator<Item = &'e RegistryAgent>,
) -> Result<(), BuildErrors> {
    let mut problems = ProblemCollector::new();
    check(request, &mut problems);
    for registry_agent in registry_agents {
        registry_agent::every_agent_of(request, registry_agent, &mut problems);
    }
    problems.finish(())
}

/// As [`request`], together with the problems of one dialect.
pub(super) fn request_in(request: &SessionRequest, dialect: Dialect) -> Result<CheckedRequest<'_>, BuildErrors> {
    let mut problems = ProblemCollector::new();
    let checked = check(request, &mut problems);
    dialect::request(request, dialect, &mut problems);
    problems.finish(checked)
}

pub(super) fn settings(settings: &RuntimeSettings, dialect: Dialect) -> Result<CheckedSettings, BuildErrors> {
    let mut problems = ProblemCollector::new();
    let checked = session::valid_settings(settings, &[], &mut problems);
    dialect::settings(settings, dialect, &mut problems);
    problems.finish(checked)
}

pub(super) fn runtime_settings(settings: &RuntimeSettings) -> Result<(), BuildErrors> {
    let mut problems = ProblemCollector::new();
    session::valid_settings(settings, &[], &mut problems);
    problems.finish(())
}

pub(super) fn namespace(name: &str) -> Result<(), BuildErrors> {
    let mut problems = ProblemCollector::new();
    session::namespace(name, &mut problems);
    problems.finish(())
}

pub(super) fn warnings(request: &SessionRequest) -> Vec<BuildError> {
    let mut warnings = ProblemCollector::new();
    for rule in WARNINGS {
        rule(request, &mut warnings);
    }
    warnings.into_vec()
}
