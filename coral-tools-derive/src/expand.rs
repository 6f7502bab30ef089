//! From the model to code.
//!
//! ```text
//! /// Adds.                              /// Adds.
//! #[coral_tool]                          fn add(a: u32, b: u32) -> u32 { a + b }
//! fn add(a: u32, b: u32) -> u32 {   →    struct add { a: u32, b: u32 }
//!     a + b                              const _: () = { impl Tool for add … impl Handler for add … };
//! }
//! ```
//!
//! A function without a body is left out: there is nothing to call.
//!
//! The generated code names the library's hidden module `__rt`.

mod arguments;
mod constraints;
mod definition;
mod fallback;
mod handler;
mod methods;
mod spans;

use proc_macro2::TokenStream;
use syn::Attribute;

use crate::emit::emit;
use crate::errors::Errors;
use crate::model::Tool;

pub(crate) use self::fallback::unchanged;
pub(crate) use self::methods::expand_block;
pub(crate) use self::spans::{call, const_check, ends};

pub(crate) fn expand(tool: &Tool, errors: Errors) -> TokenStream {
    let errors = errors.finish();
    if !errors.is_empty() || tool.function.is_unfinished {
        return fallback::fallback(tool, &errors);
    }
    let items = items(tool);
    if !tool.function.has_body() {
        return items;
    }
    let function = &tool.function;
    let allow = allow_lints();
    emit!(#allow #function #items)
}

/// Clippy would suggest references and structs. An argument is an owned parameter.
fn allow_lints() -> TokenStream {
    emit! {
        #[allow(
            clippy::fn_params_excessive_bools, clippy::needless_pass_by_value, clippy::option_option, clippy::too_many_arguments
        )]
    }
}

/// The struct of the arguments and its implementations.
fn items(tool: &Tool) -> TokenStream {
    let arguments = arguments::arguments_struct(tool);
    let impls = impls(
        tool,
        &[definition::tool(tool), arguments::impls(tool), handler::handler(tool), constraints::checks(tool)],
    );
    emit!(#arguments #impls)
}

/// → `const _: () = { use …; impls };`, a scope, so that no name is added to the user's
fn impls(tool: &Tool, impls: &[TokenStream]) -> TokenStream {
    let Tool { crate_path, .. } = tool;
    let cfgs = attrs_with_names(&tool.function.attrs, &["cfg"]);
    emit! {
        #(#cfgs)*
        #[allow(deprecated, private_bounds, private_interfaces, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            use #crate_path::__ as __rt;
            #[allow(unused_imports)]
            use __rt::{
                ReturnTypeFallback as _, ToJsonFallback as _, SerializeStruct as _, ReplyConversion as _, ParameterTypeFallback as _,
            };
            #(#impls)*
        };
    }
}

/// Returns the attributes with one of these names.
fn attrs_with_names<'a>(attrs: &'a [Attribute], names: &'a [&str]) -> impl Iterator<Item = &'a Attribute> {
    attrs.iter().filter(|attr| names.iter().any(|name| attr.path().is_ident(name)))
}
