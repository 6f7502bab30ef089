//! Rules about names, and how problems quote them.

use std::fmt::Display;

use crate::session::agent::Agent;

/// The subject of a problem with an agent.
pub(super) fn agent_subject(agent: &Agent) -> String {
    format!("agent `{}`", quoted(&agent.name))
}

/// The problem of an option whose value has no JSON.
pub(super) fn not_finite(name: &str) -> String {
    format!("option `{}` contains an infinite or NaN number", quoted(name))
}

/// Escaped, so that it stays on one line.
pub(super) fn quoted(name: &str) -> impl Display {
    name.escape_debug()
}

/// The problem with the name of an agent or a namespace, if any. Servers accept every name, but it becomes a path
/// segment.
pub(super) fn segment_problem(name: &str) -> Option<&'static str> {
    match name {
        "." | ".." => Some("its name cannot be `.` or `..`, because it is a segment of URL paths"),
        _ if name.contains('/') => Some("its name contains `/`, but it is one segment of URL paths"),
        _ => text_problem(name),
    }
}

/// The problem with a name of any kind, if any. A registry's own rules are not checked here, because they may change.
pub(super) fn text_problem(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("its name is empty")
    } else if name.chars().any(char::is_control) {
        Some("its name contains a control character")
    } else {
        None
    }
}

/// Every name that occurs more than once, once.
pub(super) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    let mut repeated: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}
