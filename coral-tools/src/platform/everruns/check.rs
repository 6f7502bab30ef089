//! Everything that is wrong with a request, before anything is sent.

use std::collections::HashSet;

use serde_json::Value;

use super::new_session::{Named, NewSession};
use crate::build_error::{BuildError, BuildErrors};

const LONGEST_NAME: usize = 64;
const LONGEST_REASON: usize = 1000;
/// What [`NewSession`] writes by itself, so that `extra` must not.
const WRITTEN: [&str; 11] = [
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

/// Each rule, in the order of what it is about.
pub(super) fn check(request: &NewSession) -> Result<(), BuildErrors> {
    let rules = [agent, harness, plain, tools, hints, capabilities, files, mcp_servers, extra, reason];
    let mut errors = Vec::new();
    for rule in rules {
        rule(request, &mut errors);
    }
    if errors.is_empty() { Ok(()) } else { Err(BuildErrors::new(errors)) }
}

type Errors = Vec<BuildError>;

fn agent(request: &NewSession, errors: &mut Errors) {
    match &request.agent {
        Some(Named::Id(id)) if id.trim().is_empty() => errors.push(BuildError::new("agent", "its id is empty")),
        Some(Named::Name(name)) if !is_agent_name(name) => errors.push(BuildError::new(
            "agent",
            format!(
                "`{}` is no name of one: lower-case words and digits with single `-` between, at most 64",
                shown(name)
            ),
        )),
        _ => (),
    }
}

fn is_agent_name(name: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.len() <= LONGEST_NAME && name.split('-').all(word)
}

fn harness(request: &NewSession, errors: &mut Errors) {
    if let Some(Named::Id(text) | Named::Name(text)) = &request.harness
        && text.trim().is_empty()
    {
        errors.push(BuildError::new("harness", "its id or name is empty"));
    }
}

fn plain(request: &NewSession, errors: &mut Errors) {
    for id in ["model_id", "workspace_id", "agent_identity_id", "virtual_user_id", "locale"] {
        if request.plain.get(id).and_then(Value::as_str).is_some_and(|value| value.trim().is_empty()) {
            errors.push(BuildError::new(id, "it is empty; leave it out, or say which"));
        }
    }
    if request.plain.contains_key("agent_identity_id") && request.plain.contains_key("virtual_user_id") {
        errors.push(BuildError::new("virtual_user_id", "it is another name of `agent_identity_id`; give one of them"));
    }
}

fn tools(request: &NewSession, errors: &mut Errors) {
    if let Some(Err(faults)) = &request.tools {
        errors.extend(faults.iter().cloned());
    }
}

/// Calls that other hints make possible are not those of tools, and would all be refused.
fn hints(request: &NewSession, errors: &mut Errors) {
    if request.client_tools().is_none() {
        return;
    }
    if request.hints.get("setup_connection").is_some_and(|hint| *hint != Value::Bool(true)) {
        errors.push(BuildError::new(
            "hint `setup_connection`",
            "without it Everruns does not wait for tools; leave it out",
        ));
    }
    for hint in ["ask_user", "url_elicitation"] {
        if request.hints.contains_key(hint) {
            let fault = "it has Everruns ask for what only a person can answer; tools cannot";
            errors.push(BuildError::new(format!("hint `{hint}`"), fault));
        }
    }
}

fn capabilities(request: &NewSession, errors: &mut Errors) {
    if request.capabilities.iter().any(|capability| capability.id.trim().is_empty()) {
        errors.push(BuildError::new("capability", "its id is empty"));
    }
}

fn files(request: &NewSession, errors: &mut Errors) {
    let mut paths = HashSet::new();
    for file in &request.files {
        let subject = || format!("file `{}`", shown(&file.path));
        if !file.path.starts_with('/') {
            errors.push(BuildError::new(subject(), "its path must be absolute, such as `/workspace/notes.md`"));
        }
        if !paths.insert(&file.path) {
            errors.push(BuildError::new(subject(), "two files have this path"));
        }
    }
}

fn mcp_servers(request: &NewSession, errors: &mut Errors) {
    for (name, server) in &request.mcp_servers {
        if name.trim().is_empty() || !server.is_object() {
            let fault = "it needs a name, and an object that says where it is";
            errors.push(BuildError::new(format!("MCP server `{}`", shown(name)), fault));
        }
    }
}

fn extra(request: &NewSession, errors: &mut Errors) {
    for name in request.extra.keys() {
        if WRITTEN.contains(&name.as_str()) || request.plain.contains_key(name) {
            errors.push(BuildError::new(format!("extra `{}`", shown(name)), "there is a method for this field"));
        }
    }
}

fn reason(request: &NewSession, errors: &mut Errors) {
    if request.reason.as_ref().is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
        errors.push(BuildError::new("reason", format!("it has more than {LONGEST_REASON} characters")));
    }
}

fn shown(text: &str) -> String {
    text.escape_debug().take(80).collect()
}
