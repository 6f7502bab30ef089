//! Names that every consumer takes: the common ground of the model providers.

use std::collections::HashMap;

use crate::errors::Errors;
use crate::model::Tool;

/// The longest name that every model provider accepts.
const LONGEST: usize = 64;

pub(super) fn tool_name_is_legal(tool: &Tool, errors: &Errors) {
    let name = &tool.name.text;
    if !is_identifier(name, "_-") {
        errors.at_span(
            tool.name.span,
            format!(
                "`{name}` is no name for a tool: it must be a letter or `_`, then at most 63 letters, digits, `_` or `-`; \
                 give one with `#[coral_tool(name = \"…\")]`"
            ),
        );
    } else if ["coral_", "mcp_"].iter().any(|prefix| name.starts_with(prefix)) {
        errors.at_span(
            tool.name.span,
            format!(
                "`{name}` is no name for a tool: `coral_` and `mcp_` begin the names of Coral's and MCP's own tools, which it \
                 would replace; give another with `#[coral_tool(name = \"…\")]`"
            ),
        );
    }
}

pub(super) fn parameter_names_are_legal(tool: &Tool, errors: &Errors) {
    for name in tool.visible().map(|argument| &argument.name) {
        if !is_identifier(&name.text, "_") {
            errors.at_span(
                name.span,
                format!(
                    "`{}` is no name for an argument: it must be a letter or `_`, then at most 63 letters, digits or `_`; \
                     give one with `#[arg(rename = \"…\")]`",
                    name.text
                ),
            );
        }
    }
}

pub(super) fn parameter_names_are_distinct(tool: &Tool, errors: &Errors) {
    let mut taken = HashMap::new();
    for argument in tool.visible() {
        if let Some(other) = taken.insert(&argument.name.text, &argument.ident) {
            errors.at_span(
                argument.name.span,
                format!("`{other}` and `{}` are both named `{}`; rename one", argument.ident, argument.name.text),
            );
        }
    }
}

fn is_identifier(name: &str, marks: &str) -> bool {
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(c))
}
