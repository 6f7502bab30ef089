//! The steps of `#[coral_tool]` and `#[coral_tools]`: tokens are parsed, lowered to a model, checked and expanded. If there are
//! errors, all of them are reported at once, and the item is kept.

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::{check, expand, function, lower, methods, settings};

/// `#[coral_tool(args)] item`. `is_associated`: whether the function is in an `impl` block or a trait.
pub(crate) fn coral_tool(args: TokenStream, item: &TokenStream, is_associated: bool) -> TokenStream {
    let errors = Errors::new();
    let Ok(mut function) = function::parse(item, &errors) else {
        return expand::unchanged(item, errors);
    };
    function.is_associated = is_associated;
    let settings = settings::parse(args, &errors);
    let tool = lower::lower(&settings, function, None, &errors);
    check::check(&tool, &errors);
    expand::expand(&tool, errors)
}

/// `#[coral_tools(args)] item`, an `impl` block.
pub(crate) fn coral_tools(args: TokenStream, item: &TokenStream) -> TokenStream {
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
