//! The macros of `coral-tools`. They are documented where `coral-tools` re-exports them, with examples that compile.
//!
//! * `#[coral_tool]`: its steps are in `pipeline`: tokens are parsed (`function`, `settings`), lowered to a model (`lower`,
//!   `model`), checked (`check`) and expanded (`expand`). If there are errors, all of them are reported at once, and the
//!   function is kept (`expand::fallback`).
//! * `#[derive(IntoToolError)]`: a macro of its own in the folder `tool_error`.
//! * `#[coral_tools]`: an `impl` block (`methods`), whose tools take the same way.
//! * `toolset!`: the file `toolset`.
//! * `#[agent_options]`: a macro of its own in the folder `agent_options`, with the feature `registry`.

#[cfg(feature = "registry")]
mod agent_options;
mod check;
mod description;
mod emit;
mod errors;
mod expand;
mod function;
mod lower;
mod methods;
mod model;
mod pipeline;
mod rules;
mod settings;
mod source;
#[cfg(test)]
mod tests;
mod tool_error;
mod toolset;

use proc_macro::TokenStream;

#[allow(missing_docs, reason = "documented where coral-tools re-exports it")]
#[proc_macro_attribute]
pub fn coral_tool(args: TokenStream, item: TokenStream) -> TokenStream {
    let is_associated = source::is_in_impl(proc_macro::Span::call_site());
    pipeline::coral_tool(args.into(), &item.into(), is_associated).into()
}

#[allow(missing_docs, reason = "documented where coral-tools re-exports it")]
#[proc_macro_attribute]
pub fn coral_tools(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::coral_tools(args.into(), &item.into()).into()
}

#[cfg(feature = "registry")]
#[allow(missing_docs, reason = "documented where coral-tools re-exports it")]
#[proc_macro_attribute]
pub fn agent_options(args: TokenStream, item: TokenStream) -> TokenStream {
    agent_options::agent_options(args.into(), &item.into()).into()
}

#[allow(missing_docs, reason = "documented where coral-tools re-exports it")]
#[proc_macro_derive(IntoToolError, attributes(tool_error))]
pub fn into_tool_error(item: TokenStream) -> TokenStream {
    tool_error::into_tool_error(item.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn toolset(input: TokenStream) -> TokenStream {
    toolset::toolset(input.into()).into()
}
