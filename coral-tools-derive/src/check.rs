//! The rules about tools. Rules about a single attribute are checked where it is [lowered](crate::lower).

mod body;
mod constraints;
mod future;
mod literals;
mod names;
mod signature;
mod types;

use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::{Tool, ToolBlock};

pub(crate) use self::types::is_owned;

type Rule = fn(&Tool, &Errors);

/// All rules, in the order of their errors.
const RULES: &[Rule] = &[
    has_description,
    names::tool_name_is_valid,
    signature::has_valid_receiver,
    signature::has_no_generics,
    signature::has_no_qualifiers,
    signature::is_not_async_and_blocking,
    body::is_needed,
    types::parameters_are_owned,
    types::return_type_is_owned,
    names::argument_names_are_valid,
    names::argument_names_are_distinct,
    flatten_has_no_other_keys,
    constraints::allow_some_value,
    literals::satisfy_constraints,
];

pub(crate) fn check(tool: &Tool, errors: &Errors) {
    for rule in RULES {
        rule(tool, errors);
    }
}

/// The rules about all tools of an `impl` block.
pub(crate) fn check_block(block: &ToolBlock, errors: &Errors) {
    names::tool_names_are_distinct(block, errors);
    if block.tools().next().is_none() {
        errors.report(
            &block.owner.ty,
            "no method of this `impl` block is a tool: write `#[coral_tool]` above the methods that agents can call",
        );
    }
}

fn has_description(tool: &Tool, errors: &Errors) {
    if tool.description.is_blank() {
        errors.report(
            &tool.function.sig.ident,
            "a tool must have a description, by which agents choose it: add a doc comment or \
             `#[coral_tool(description = \"…\")]`",
        );
    }
}

fn flatten_has_no_other_keys(tool: &Tool, errors: &Errors) {
    for argument in tool.arguments() {
        let Some(span) = argument.flatten else { continue };
        let is_renamed = argument.ident.unraw() != argument.name.text;
        if is_renamed || argument.default.is_some() || argument.example.is_some() || !argument.constraints.is_empty() {
            errors.report_at(
                span,
                "`flatten` cannot be combined with other keys: use attributes of serde and schemars on the fields of \
                 the struct",
            );
        }
    }
}
