//! What is emitted where something is wrong: every error, the function, and a stand-in for the tool.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::carried;
use crate::check::is_plain;
use crate::errors::Errors;
use crate::model::{Argument, Tool};

/// The item as it was, which is no function, and why it is no tool.
pub(crate) fn untouched(item: &TokenStream, errors: Errors) -> TokenStream {
    let errors = errors.finish();
    quote_spanned!(Span::mixed_site()=> #item #errors)
}

/// The function, a stand-in for its tool, and every error.
pub(super) fn fallback(tool: &Tool, errors: &TokenStream) -> TokenStream {
    let item = &tool.item;
    let stub = (item.sig.receiver().is_none()).then(|| stub(tool));
    quote_spanned!(Span::mixed_site()=> #item #stub #errors)
}

/// A type that is a tool of every application and runs in none, so that uses of the name give no errors of their own.
fn stub(tool: &Tool) -> TokenStream {
    let Tool { krate, rt, arguments: name, .. } = tool;
    let vis = &tool.item.vis;
    let cfgs: Vec<_> = carried(&tool.item.attrs, &["cfg"]).collect();
    let text = &tool.name.text;
    let fields = fields(tool);
    quote_spanned! {Span::mixed_site()=>
        #(#cfgs)*
        #[allow(non_camel_case_types, missing_docs, missing_debug_implementations, dead_code)]
        #vis struct #name { #fields }
        #(#cfgs)*
        const _: () = {
            use #krate::__ as #rt;
            impl<'de> #rt::Deserialize<'de> for #name {
                fn deserialize<__D: #rt::Deserializer<'de>>(_: __D) -> #rt::Result<Self, __D::Error> { #rt::stub() }
            }
            impl #rt::Tool for #name {
                const NAME: &'static #rt::primitive::str = #text;
                fn definition() -> #rt::Definition { #rt::stub() }
            }
            impl<__S: #rt::Sync> #rt::Handler<__S> for #name {
                async fn call(self, _: &#rt::Context<'_, __S>) -> #rt::Result<#rt::Reply, #rt::ToolError> { #rt::stub() }
            }
        };
    }
}

/// The fields of the arguments, of those whose types can stand there.
fn fields(tool: &Tool) -> TokenStream {
    let vis = &tool.item.vis;
    let has_generics = !tool.item.sig.generics.params.is_empty();
    let mut names = HashSet::new();
    let fields =
        tool.visible().filter(|argument| !has_generics && is_plain(&argument.ty) && names.insert(&argument.ident));
    let fields = fields.map(|Argument { ident, ty, .. }| quote_spanned!(Span::mixed_site()=> #vis #ident: #ty,));
    fields.collect()
}
