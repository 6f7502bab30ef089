//! The expansion if there are errors: the function, a stub of the tool, and every error.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::attrs_with_names;
use super::handler::handler_trait;
use crate::check::is_owned;
use crate::emit::emit;
use crate::errors::Errors;
use crate::model::{Argument, Tool};

/// The unchanged item, which the macro could not parse, and every error.
pub(crate) fn unchanged(item: &TokenStream, errors: Errors) -> TokenStream {
    let errors = errors.finish();
    emit!(#item #errors)
}

/// The function, a stub of the tool, and every error.
pub(super) fn fallback(tool: &Tool, errors: &TokenStream) -> TokenStream {
    let function = &tool.function;
    let is_free = function.sig.receiver().is_none() && !function.is_associated;
    let stub = is_free.then(|| stub(tool));
    let function = match function.is_unfinished || !function.has_body() {
        // A body may use what is missing, and its absence would be a further error.
        true => {
            let crate_path = &tool.crate_path;
            let function = function.with_body(&emit!(#crate_path::__::stub()));
            emit!(#[allow(unused_variables)] #function)
        }
        false => function.to_token_stream(),
    };
    emit!(#function #stub #errors)
}

/// A type that is a tool for every application state, so that uses of the name cause no further errors.
pub(super) fn stub(tool: &Tool) -> TokenStream {
    let Tool { crate_path, arguments_type: name, .. } = tool;
    let vis = &tool.function.vis;
    let cfgs: Vec<_> = attrs_with_names(&tool.function.attrs, &["cfg"]).collect();
    let text = &tool.name.text;
    let fields = fields(tool);
    let (handler, value) = handler_trait(tool);
    emit! {
        #(#cfgs)*
        #[allow(non_camel_case_types, missing_docs, missing_debug_implementations, dead_code)]
        #vis struct #name { #fields }
        #(#cfgs)*
        const _: () = {
            use #crate_path::__ as __rt;
            impl<'de> __rt::Deserialize<'de> for #name {
                fn deserialize<__D: __rt::Deserializer<'de>>(_: __D) -> __rt::Result<Self, __D::Error> { __rt::stub() }
            }
            impl __rt::Tool for #name {
                const NAME: &'static __rt::primitive::str = #text;
                fn definition() -> __rt::Definition { __rt::stub() }
            }
            impl<__S: __rt::Sync> #handler for #name {
                async fn call(self, #value _: &__rt::Context<'_, __S>) -> __rt::Result<__rt::Reply, __rt::ToolError> { __rt::stub() }
            }
        };
    }
}

/// The arguments whose types are valid in a field.
fn fields(tool: &Tool) -> TokenStream {
    let vis = &tool.function.vis;
    let is_generic = !tool.function.sig.generics.params.is_empty();
    let mut names = HashSet::new();
    let fields =
        tool.arguments().filter(|argument| !is_generic && is_owned(&argument.ty) && names.insert(&argument.ident));
    let fields = fields.map(|Argument { ident, ty, .. }| emit!(#vis #ident: #ty,));
    fields.collect()
}
