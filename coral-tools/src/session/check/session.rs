//! Rules about the session as a whole.

use std::time::Duration;

use serde_json::{Map, Value};

use super::names::{agent_subject, quoted, segment_problem};
use super::{CheckedPersistence, CheckedSettings, Millis};
use crate::build_error::{BuildErrors, ProblemCollector};
use crate::session::custom_tools::CustomTools;
use crate::session::request::SessionRequest;
use crate::session::settings::{Persistence, RuntimeSettings, SessionEndTarget};
use crate::state::report::SessionEndReport;

/// A namespace of this name is shadowed by the path that lists all namespaces.
const LIST: &str = "extended";

/// Fields that this crate writes, or that some server version has.
const REQUEST_FIELDS: [&str; 5] =
    ["agentGraphRequest", "namespaceProvider", "execution", "annotations", "sessionRuntimeSettings"];
const AGENT_FIELDS: [&str; 12] = [
    "id",
    "name",
    "provider",
    "description",
    "options",
    "systemPrompt",
    "blocking",
    "customToolAccess",
    "plugins",
    "x402Budgets",
    "proxies",
    "annotations",
];

pub(super) fn namespace(name: &str, problems: &mut ProblemCollector) {
    let subject = format!("namespace `{}`", quoted(name));
    if let Some(problem) = segment_problem(name) {
        problems.add(&subject, problem);
    }
    if name == LIST {
        problems.add(&subject, "the name is reserved: it is part of the path that lists all namespaces");
    }
}

/// `tools` are those of the request; runtime settings on their own have none.
pub(super) fn valid_settings(
    settings: &RuntimeSettings,
    tools: &[Result<CustomTools, BuildErrors>],
    problems: &mut ProblemCollector,
) -> CheckedSettings {
    let ttl = settings.ttl.and_then(|ttl| millis("ttl", ttl, problems));
    let persistence = match settings.persistence {
        Persistence::Off => None,
        Persistence::MinimumTime(time) => millis("minimum time", time, problems).map(CheckedPersistence::MinimumTime),
        Persistence::HoldAfterExit(time) => {
            millis("hold after exit", time, problems).map(CheckedPersistence::HoldAfterExit)
        }
    };
    CheckedSettings {
        ttl,
        extended_end_report: settings.extended_end_report,
        persistence: persistence.unwrap_or(CheckedPersistence::Off),
        session_end_url: settings.session_end.as_ref().and_then(|target| session_end_url(target, tools, problems)),
    }
}

fn session_end_url(
    target: &SessionEndTarget,
    tools: &[Result<CustomTools, BuildErrors>],
    problems: &mut ProblemCollector,
) -> Option<String> {
    match (target, tools.first()) {
        (SessionEndTarget::At(Ok(url)), _) => Some(url.as_str().to_owned()),
        (SessionEndTarget::At(Err(errors)), _) => {
            for error in errors {
                problems.add(format!("session-end webhook, {}", error.subject()), error.message());
            }
            None
        }
        (SessionEndTarget::BesideTools, Some(Ok(tools))) => {
            Some(tools.base_url().join(SessionEndReport::PATH).as_str().to_owned())
        }
        // Reported as a problem of the toolset.
        (SessionEndTarget::BesideTools, Some(Err(_))) => None,
        (SessionEndTarget::BesideTools, None) => {
            problems.add(
                "session-end webhook",
                "its URL is derived from the base URL of the tools, and there are none; use `session_end_webhook_at`",
            );
            None
        }
    }
}

fn millis(what: &str, time: Duration, problems: &mut ProblemCollector) -> Option<Millis> {
    let millis = Millis::new(time);
    if millis.is_none() {
        problems.add(what, format!("{time:?} is out of range: 1 ms to 292 million years"));
    }
    millis
}

pub(super) fn deferred_has_no_settings(request: &SessionRequest, problems: &mut ProblemCollector) {
    if request.deferred && request.settings != RuntimeSettings::new() {
        problems.add(
            "session",
            "a deferred session takes its `RuntimeSettings` when it is executed, not when it is created",
        );
    }
}

pub(super) fn extra_fields_are_unknown(request: &SessionRequest, problems: &mut ProblemCollector) {
    let has_budget = request.budget.is_some();
    extra_is_unknown(&request.extra, &REQUEST_FIELDS, has_budget, "session", problems);
    for agent in &request.agents {
        extra_is_unknown(&agent.extra, &AGENT_FIELDS, agent.budget.is_some(), &agent_subject(agent), problems);
    }
}

fn extra_is_unknown(
    extra: &Map<String, Value>,
    known: &[&str],
    has_budget: bool,
    subject: &str,
    problems: &mut ProblemCollector,
) {
    for key in extra.keys() {
        if known.contains(&key.as_str()) || (has_budget && key == "budgetSettings") {
            problems.add(subject, format!("extra field `{key}` is set already; use the method for it"));
        }
    }
}
