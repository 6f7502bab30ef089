//! Fuzz target: the source text below a macro. The first line selects the macro and contains its arguments.

#![no_main]
#![allow(dead_code, reason = "the functions of the proc-macro crate that call the compiler are not used")]

#[path = "../../coral-tools-derive/src/check.rs"]
mod check;
#[path = "../../coral-tools-derive/src/description.rs"]
mod description;
#[path = "../../coral-tools-derive/src/emit.rs"]
mod emit;
#[path = "../../coral-tools-derive/src/errors.rs"]
mod errors;
#[path = "../../coral-tools-derive/src/expand.rs"]
mod expand;
#[path = "../../coral-tools-derive/src/function.rs"]
mod function;
#[path = "../../coral-tools-derive/src/lower.rs"]
mod lower;
#[path = "../../coral-tools-derive/src/methods.rs"]
mod methods;
#[path = "../../coral-tools-derive/src/model.rs"]
mod model;
#[path = "../../coral-tools-derive/src/rules.rs"]
mod rules;
#[path = "../../coral-tools-derive/src/settings.rs"]
mod settings;
#[path = "../../coral-tools-derive/src/tool_error/mod.rs"]
mod tool_error;
#[path = "../../coral-tools-derive/src/toolset.rs"]
mod toolset;

use libfuzzer_sys::{Corpus, fuzz_target};
use proc_macro2::TokenStream;

use crate::errors::Errors;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(input) = std::str::from_utf8(data).ok().and_then(|text| text.split_once('\n')) else {
        return Corpus::Reject;
    };
    let (name, args) = input.0.split_once(' ').unwrap_or((input.0, ""));
    let (Ok(args), Ok(item)) = (args.parse(), input.1.parse()) else { return Corpus::Reject };
    match name {
        "tool" => coral_tool(args, &item),
        "tools" => coral_tools(args, &item),
        "error" => tool_error::into_tool_error(item),
        "toolset" => toolset::toolset(item),
        _ => return Corpus::Reject,
    };
    Corpus::Keep
});

/// The same as `tool` of the proc-macro crate.
fn coral_tool(args: TokenStream, item: &TokenStream) -> TokenStream {
    let errors = Errors::new();
    let Ok(function) = function::parse(item, &errors) else {
        return expand::unchanged(item, errors);
    };
    let settings = settings::parse(args, &errors);
    let tool = lower::lower(&settings, function, None, &errors);
    check::check(&tool, &errors);
    expand::expand(&tool, errors)
}

/// The same as `methods` of the proc-macro crate.
fn coral_tools(args: TokenStream, item: &TokenStream) -> TokenStream {
    let errors = Errors::new();
    let Ok(block) = methods::parse(item, &errors) else {
        return expand::unchanged(item, errors);
    };
    let block = methods::lower(args, block, &errors);
    for tool in block.tools() {
        check::check(tool, &errors);
    }
    check::check_block(&block, &errors);
    expand::expand_block(&block, errors)
}
