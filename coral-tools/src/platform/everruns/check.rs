//! Checks the request for a new session before it is sent.

use std::collections::HashSet;

use serde_json::Value;

use crate::build_error::{BuildErrors, ProblemCollector};
use crate::platform::everruns::new_session::{IdOrName, NewSession};

const MAX_NAME_LENGTH: usize = 64;
const MAX_REASON_LENGTH: usize = 1000;
/// Fields that [`NewSession`] has methods for, so that `extra` must not contain them.
const KNOWN_FIELDS: [&str; 11] = [
    "agent_id",
    "agent_name",
    "harness_id",
    "harness_name",
    "tags",
    "capabilities",
    "initial_files",
    "mcpServers",
    "mcp_servers",
    "tools",
    "hints",
];

/// Returns all problems, in the order of the fields.
pub(super) fn check(request: &NewSession) -> Result<(), BuildErrors> {
    let rules = [agent, harness, plain, tools, hints, capabilities, files, mcp_servers, extra, reason];
    let mut problems = ProblemCollector::new();
    for rule in rules {
        rule(request, &mut problems);
    }
    problems.finish(())
}

fn agent(request: &NewSession, problems: &mut ProblemCollector) {
    match &request.agent {
        Some(IdOrName::Id(id)) if id.trim().is_empty() => problems.add("agent", "the id is empty"),
        Some(IdOrName::Name(name)) if !is_agent_name(name) => problems.add(
            "agent",
            format!(
                "`{}` is not a valid agent name: use lower-case words and digits, separated by single `-`, at most \
                 {MAX_NAME_LENGTH} characters",
                excerpt(name)
            ),
        ),
        _ => (),
    }
}

fn is_agent_name(name: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.len() <= MAX_NAME_LENGTH && name.split('-').all(word)
}

fn harness(request: &NewSession, problems: &mut ProblemCollector) {
    if let Some(IdOrName::Id(text) | IdOrName::Name(text)) = &request.harness
        && text.trim().is_empty()
    {
        problems.add("harness", "the id or name is empty");
    }
}

fn plain(request: &NewSession, problems: &mut ProblemCollector) {
    for id in ["model_id", "workspace_id", "agent_identity_id", "virtual_user_id", "locale"] {
        if request.plain.get(id).and_then(Value::as_str).is_some_and(|value| value.trim().is_empty()) {
            problems.add(id, "the value is empty; set it or leave it out");
        }
    }
    if request.plain.contains_key("agent_identity_id") && request.plain.contains_key("virtual_user_id") {
        problems.add("virtual_user_id", "it is another name for `agent_identity_id`; set one of them");
    }
}

fn tools(request: &NewSession, problems: &mut ProblemCollector) {
    if let Some(Err(errors)) = &request.tools {
        problems.extend(errors);
    }
}

/// Rejects hints that make the platform request calls of its own, which a toolset cannot answer.
fn hints(request: &NewSession, problems: &mut ProblemCollector) {
    if request.client_tools().is_none() {
        return;
    }
    if request.hints.get("setup_connection").is_some_and(|hint| *hint != Value::Bool(true)) {
        problems.add("hint `setup_connection`", "Everruns does not wait for tools without it; leave it out");
    }
    for hint in ["ask_user", "url_elicitation"] {
        if request.hints.contains_key(hint) {
            let message = "it makes Everruns ask for input that only a person can give; remove it";
            problems.add(format!("hint `{hint}`"), message);
        }
    }
}

fn capabilities(request: &NewSession, problems: &mut ProblemCollector) {
    if request.capabilities.iter().any(|capability| capability.id.trim().is_empty()) {
        problems.add("capability", "the id is empty");
    }
}

fn files(request: &NewSession, problems: &mut ProblemCollector) {
    let mut paths = HashSet::new();
    for file in &request.files {
        let subject = || format!("file `{}`", excerpt(&file.path));
        if !file.path.starts_with('/') {
            problems.add(subject(), "the path must be absolute, such as `/workspace/notes.md`");
        }
        if !paths.insert(&file.path) {
            problems.add(subject(), "two files have this path");
        }
    }
}

fn mcp_servers(request: &NewSession, problems: &mut ProblemCollector) {
    for (name, server) in &request.mcp_servers {
        if name.trim().is_empty() || !server.is_object() {
            let message = "it needs a name, and an object with its address";
            problems.add(format!("MCP server `{}`", excerpt(name)), message);
        }
    }
}

fn extra(request: &NewSession, problems: &mut ProblemCollector) {
    for name in request.extra.keys() {
        if KNOWN_FIELDS.contains(&name.as_str()) || request.plain.contains_key(name) {
            problems.add(format!("extra `{}`", excerpt(name)), "use the method for this field");
        }
    }
}

fn reason(request: &NewSession, problems: &mut ProblemCollector) {
    if request.reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON_LENGTH) {
        problems.add("reason", format!("it is longer than {MAX_REASON_LENGTH} characters"));
    }
}

fn excerpt(text: &str) -> String {
    text.escape_debug().take(80).collect()
}
