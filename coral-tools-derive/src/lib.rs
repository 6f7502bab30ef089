//! The macros of `coral-tools`. Their documentation, with examples that compile, is where `coral-tools` re-exports them.
//!
//! One attribute is a straight line: written (`args`, `item`) → lowered (`lower`) to a `model` → checked (`check`) →
//! expanded (`expand`), or every error at once and the function kept (`expand::fallback`).

#[cfg(feature = "registry")]
mod agent_options;
mod args;
mod check;
mod docs;
mod errors;
mod expand;
mod item;
mod lower;
mod model;
#[cfg(test)]
mod tests;
mod toolset;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as TokenStream2;

use crate::errors::Errors;

#[allow(missing_docs, reason = "documented where coral-tools re-exports it")]
#[proc_macro_attribute]
pub fn coral_tool(args: TokenStream, item: TokenStream) -> TokenStream {
    tool(args.into(), &item.into()).into()
}

#[cfg(feature = "registry")]
#[allow(missing_docs, reason = "documented where coral-tools re-exports it")]
#[proc_macro_attribute]
pub fn agent_options(args: TokenStream, item: TokenStream) -> TokenStream {
    agent_options::agent_options(args.into(), &item.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn toolset(input: TokenStream) -> TokenStream {
    toolset::toolset(input.into()).into()
}

fn tool(args: TokenStream2, item: &TokenStream2) -> TokenStream2 {
    let errors = Errors::new();
    let Some(item) = item::read(item, &errors) else {
        return expand::untouched(item, errors);
    };
    let args = args::read(args, &args::TOOL, &errors);
    let tool = lower::lower(&args, item, &errors);
    check::check(&tool, &errors);
    expand::expand(&tool, errors)
}
