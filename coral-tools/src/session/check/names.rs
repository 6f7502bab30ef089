//! Names that reach the wire, and how findings quote them.

use std::fmt::Display;

use crate::session::agent::Agent;

/// The subject of what is found about an agent.
pub(super) fn of_agent(agent: &Agent) -> String {
    format!("agent `{}`", shown(&agent.name))
}

/// As it stands in a log, on one line.
pub(super) fn shown(name: &str) -> impl Display {
    name.escape_debug()
}

/// What is wrong with the name of an agent or a namespace. Servers take any; but it becomes a segment of paths.
pub(super) fn segment_fault(name: &str) -> Option<&'static str> {
    match name {
        "." | ".." => Some("its name would be lost from every path; give it another"),
        _ if name.contains('/') => Some("its name has a `/` in it, which splits every path that it is part of"),
        _ => text_fault(name),
    }
}

/// What is wrong with any name. A registry's own rules are the registry's to apply, as they may change.
pub(super) fn text_fault(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("its name is empty")
    } else if name.chars().any(char::is_control) {
        Some("its name has a control character in it")
    } else {
        None
    }
}

/// Every name that comes more than once, once.
pub(super) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    let mut repeated: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}
