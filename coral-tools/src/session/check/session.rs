//! Rules about the session as a whole.

use std::time::Duration;

use serde_json::{Map, Value};

use super::names::{of_agent, segment_fault, shown};
use crate::build_error::{BuildErrors, Problems};
use crate::session::request::SessionRequest;
use crate::session::settings::{Persistence, RuntimeSettings, SessionEndTarget};

/// Shadowed by the path that lists all namespaces.
const LIST: &str = "extended";

/// What this crate writes itself, or knows servers to have had.
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

pub(super) fn namespace_is_sound(request: &SessionRequest, problems: &mut Problems) {
    namespace(request.namespace(), problems);
}

pub(super) fn namespace(name: &str, problems: &mut Problems) {
    let subject = format!("namespace `{}`", shown(name));
    problems.add_each(&subject, segment_fault(name));
    if name == LIST {
        problems.add(&subject, "the path that lists all namespaces has this name; give it another");
    }
}

pub(super) fn settings_are_sound(request: &SessionRequest, problems: &mut Problems) {
    settings(&request.settings, problems);
    let beside_tools = request.settings.session_end == Some(SessionEndTarget::BesideTools);
    if beside_tools && request.tools.is_empty() {
        problems.add(
            "session-end webhook",
            "it is to go beside the tools, and there are none; say `session_end_webhook_at`",
        );
    }
}

pub(super) fn settings(settings: &RuntimeSettings, problems: &mut Problems) {
    let held = match settings.persistence {
        Persistence::Off => None,
        Persistence::MinimumTime(time) => Some(("minimum time", time)),
        Persistence::HoldAfterExit(time) => Some(("hold after exit", time)),
    };
    let times = settings.ttl.map(|ttl| ("ttl", ttl)).into_iter().chain(held);
    for (what, time) in times.filter(|(_, time)| millis(*time).is_none()) {
        problems.add(what, format!("{time:?} is not from a millisecond to 292 million years"));
    }
    if let Some(SessionEndTarget::At(Err(errors))) = &settings.session_end {
        webhook(errors, problems);
    }
}

fn webhook(errors: &BuildErrors, problems: &mut Problems) {
    for error in errors {
        problems.add(format!("session-end webhook, {}", error.subject()), error.message());
    }
}

/// As servers count; `None` where they could not, or would take it for nothing.
fn millis(time: Duration) -> Option<i64> {
    i64::try_from(time.as_millis()).ok().filter(|millis| *millis > 0)
}

pub(super) fn deferred_has_no_settings(request: &SessionRequest, problems: &mut Problems) {
    if request.deferred && request.settings != RuntimeSettings::new() {
        problems
            .add("session", "it is deferred, so it gets its `RuntimeSettings` when it is executed, and none before");
    }
}

pub(super) fn extras_are_new(request: &SessionRequest, problems: &mut Problems) {
    let budget = request.budget.is_some();
    known(&request.extra, &REQUEST_FIELDS, budget, "session", problems);
    for agent in &request.agents {
        known(&agent.extra, &AGENT_FIELDS, agent.budget.is_some(), &of_agent(agent), problems);
    }
}

fn known(extra: &Map<String, Value>, fields: &[&str], budget: bool, subject: &str, problems: &mut Problems) {
    for key in extra.keys() {
        if fields.contains(&key.as_str()) || (budget && key == "budgetSettings") {
            problems.add(subject, format!("extra `{key}` is a field that it has already"));
        }
    }
}
