//! From the model to code. Reads nothing but the model.
//!
//! ```text
//! /// Adds.                              /// Adds.
//! #[coral_tool]                          fn add(a: u32, b: u32) -> u32 { a + b }
//! fn add(a: u32, b: u32) -> u32 {   →    struct add { a: u32, b: u32 }
//!     a + b                              const _: () = { impl Tool for add … impl Handler for add … };
//! }
//! ```

mod arguments;
mod blame;
mod definition;
mod fallback;
mod handler;
mod limits;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Attribute;

use crate::errors::Errors;
use crate::model::Tool;

pub(crate) use self::blame::blamed;
pub(crate) use self::fallback::untouched;

pub(crate) fn expand(tool: &Tool, errors: Errors) -> TokenStream {
    let errors = errors.finish();
    if !errors.is_empty() {
        return fallback::fallback(tool, &errors);
    }
    let item = &tool.item;
    let arguments = arguments::structure(tool);
    let impls =
        impls(tool, &[definition::tool(tool), arguments::impls(tool), handler::handler(tool), limits::checks(tool)]);
    // Clippy would advise a `&str`, which no tool can take.
    let advice = quote_spanned!(Span::mixed_site()=> #[allow(clippy::needless_pass_by_value)]);
    quote_spanned!(Span::mixed_site()=> #advice #item #arguments #impls)
}

/// → `const _: () = { use …; impls };`, a scope that adds nothing to the user's.
fn impls(tool: &Tool, impls: &[TokenStream]) -> TokenStream {
    let Tool { krate, rt, .. } = tool;
    let cfgs = carried(&tool.item.attrs, &["cfg"]);
    quote_spanned! {Span::mixed_site()=>
        #(#cfgs)*
        #[allow(deprecated, private_bounds, private_interfaces, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            use #krate::__ as #rt;
            #[allow(unused_imports)]
            use #rt::{
                NotAResult as _, NotSerializable as _, SerializeStruct as _, ToolOutput as _, UnknownParameterType as _,
            };
            #(#impls)*
        };
    }
}

/// The attributes of these names.
fn carried<'a>(attrs: &'a [Attribute], names: &'a [&str]) -> impl Iterator<Item = &'a Attribute> {
    attrs.iter().filter(|attr| names.iter().any(|name| attr.path().is_ident(name)))
}
