//! Names of tools and arguments. Every model provider accepts the valid ones.

use std::collections::HashMap;

use crate::errors::Errors;
use crate::model::{Argument, Tool, ToolBlock};
use crate::rules::{argument_name_error, tool_name_error};

pub(super) fn tool_name_is_valid(tool: &Tool, errors: &Errors) {
    let name = &tool.name.text;
    if let Some(reason) = tool_name_error(name) {
        let message =
            format!("`{name}` is not a valid tool name: {reason}; rename it with `#[coral_tool(name = \"…\")]`");
        errors.report_at(tool.name.span, message);
    }
}

pub(super) fn tool_names_are_distinct(block: &ToolBlock, errors: &Errors) {
    let mut names = HashMap::new();
    for tool in block.tools() {
        let method = &tool.function.sig.ident;
        if let Some(other) = names.insert(&tool.name.text, method) {
            let message = format!(
                "`{other}` and `{method}` are both named `{}`: rename one with `#[coral_tool(name = \"…\")]`",
                tool.name.text
            );
            errors.report_at(tool.name.span, message);
        }
    }
}

pub(super) fn argument_names_are_valid(tool: &Tool, errors: &Errors) {
    for name in named(tool).map(|argument| &argument.name) {
        if let Some(reason) = argument_name_error(&name.text) {
            errors.report_at(
                name.span,
                format!(
                    "`{}` is not a valid argument name: {reason}; rename it with `#[arg(rename = \"…\")]`",
                    name.text
                ),
            );
        }
    }
}

pub(super) fn argument_names_are_distinct(tool: &Tool, errors: &Errors) {
    let mut names = HashMap::new();
    for argument in named(tool) {
        if let Some(other) = names.insert(&argument.name.text, &argument.ident) {
            errors.report_at(
                argument.name.span,
                format!(
                    "`{other}` and `{}` are both named `{}`: rename one with `#[arg(rename = \"…\")]`",
                    argument.ident, argument.name.text
                ),
            );
        }
    }
}

/// The arguments whose own names agents receive.
fn named(tool: &Tool) -> impl Iterator<Item = &Argument> {
    tool.arguments().filter(|argument| argument.flatten.is_none())
}
