//! The rules of a tool. What one attribute alone decides is judged where it is [lowered](crate::lower).

mod limits;
mod names;
mod signature;
mod types;

use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::model::Tool;

pub(crate) use self::types::is_plain;

type Rule = fn(&Tool, &Errors);

/// Every rule, in the order of its errors.
const RULES: &[Rule] = &[
    has_description,
    names::tool_name_is_legal,
    signature::is_a_free_function,
    signature::has_no_generics,
    signature::has_no_qualifiers,
    signature::blocks_only_if_not_async,
    types::parameters_are_owned,
    types::return_type_is_owned,
    names::parameter_names_are_legal,
    names::parameter_names_are_distinct,
    whole_input_stands_alone,
    limits::some_value_fits,
];

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

fn whole_input_stands_alone(tool: &Tool, errors: &Errors) {
    for argument in tool.visible() {
        let Some(span) = argument.flatten else { continue };
        if tool.visible().count() > 1 {
            errors.at_span(
                span,
                "a `flatten` parameter is the whole input: put the others into its struct, or mark them `#[context]`",
            );
        }
        let is_renamed = argument.ident.unraw() != argument.name.text;
        if is_renamed || argument.default.is_some() || argument.example.is_some() || !argument.limits.is_empty() {
            errors.at_span(
                span,
                "a `flatten` parameter takes no other key: put attributes of serde and schemars on the struct's fields",
            );
        }
    }
}
