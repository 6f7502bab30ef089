//! The rules that need more than one attribute to be judged.

use crate::errors::Errors;
use crate::model::Tool;

type Rule = fn(&Tool, &Errors);

/// Every rule, in the order of its errors.
const RULES: &[Rule] = &[has_description];

pub(crate) fn check(tool: &Tool, errors: &Errors) {
    for rule in RULES {
        rule(tool, errors);
    }
}

fn has_description(tool: &Tool, errors: &Errors) {
    if tool.description.is_blank() {
        errors.at(
            &tool.item.sig.ident,
            "agents choose a tool by its description: add a doc comment, or `#[coral_tool(description = \"…\")]`",
        );
    }
}
