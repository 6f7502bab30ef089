//! The struct of the arguments, and how it is read and written.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Attribute;
use syn::ext::IdentExt;

use super::carried;
use crate::model::{Argument, Default, Tool};

/// ```text
/// /// Adds.
/// pub fn add(
///     /// One number.                →    /// Adds.
///     a: u32,                             pub struct add {
///     #[context] call: CallContext,           /// One number.
/// )                                           pub a: u32,
///                                         }
/// ```
pub(super) fn structure(tool: &Tool) -> TokenStream {
    let Tool { arguments: name, .. } = tool;
    let vis = &tool.item.vis;
    let attrs = carried(&tool.item.attrs, &["cfg", "doc", "deprecated", "allow"]);
    let docs = documented(&tool.item.attrs, &format!("The arguments of `{}`.", tool.name.text));
    let fields = tool.visible().map(|Argument { ident, name, ty, docs, .. }| {
        let more = documented(docs, &format!("`{}`.", name.text));
        quote_spanned!(Span::mixed_site()=> #(#docs)* #more #vis #ident: #ty)
    });
    quote_spanned! {Span::mixed_site()=>
        #(#attrs)*
        #docs
        #[allow(
            non_camel_case_types, missing_debug_implementations, missing_copy_implementations,
            unreachable_pub, private_interfaces, dead_code, clippy::all, clippy::pedantic, clippy::nursery,
            clippy::restriction
        )]
        #vis struct #name { #(#fields),* }
    }
}

/// → `#[doc = "…"]` where nothing is written, because crates may forbid what has no documentation
fn documented(attrs: &[Attribute], otherwise: &str) -> Option<TokenStream> {
    let is_written = attrs.iter().any(|attr| attr.path().is_ident("doc"));
    (!is_written).then(|| quote_spanned!(Span::mixed_site()=> #[doc = #otherwise]))
}

pub(super) fn impls(tool: &Tool) -> TokenStream {
    match tool.whole() {
        Some(argument) => whole(tool, argument),
        None => [parameters(tool), serialize(tool), debug(tool)].into_iter().collect(),
    }
}

/// ```text
///                                    impl ArgumentFields for add {
///                                        type Slots = (Option<u32>, Option<u32>);
/// fn add(a: u32, b: u32)        →        …one match arm per argument to fill a slot, one line to empty it…
///                                    }
///                                    impl<'de> Deserialize<'de> for add { …by the runtime… }
/// ```
fn parameters(tool: &Tool) -> TokenStream {
    let Tool { rt, arguments: name, .. } = tool;
    let text = name.unraw().to_string();
    let names = tool.visible().map(|argument| &argument.name.text);
    let slots = tool.visible().map(|Argument { ty, .. }| quote_spanned!(Span::mixed_site()=> #rt::Option<#ty>,));
    let empty = tool.visible().map(|_| quote_spanned!(Span::mixed_site()=> #rt::Option::None,));
    let fill = tool.visible().enumerate().map(|(index, Argument { ty, .. })| {
        let slot = Literal::usize_unsuffixed(index);
        quote_spanned!(Span::mixed_site()=> #slot => __slots.#slot = <#ty as #rt::DeserializeArgument>::next(__map)?,)
    });
    let take = tool.visible().enumerate().map(|(index, argument)| take(tool, index, argument));
    quote_spanned! {Span::mixed_site()=>
        impl #rt::ArgumentFields for #name {
            type Slots = (#(#slots)*);
            const STRUCT: &'static #rt::primitive::str = #text;
            const NAMES: &'static [&'static #rt::primitive::str] = &[#(#names),*];
            fn empty() -> Self::Slots { (#(#empty)*) }
            fn fill<'de, __A: #rt::MapAccess<'de>>(
                __slots: &mut Self::Slots,
                __index: #rt::primitive::usize,
                __map: &mut __A,
            ) -> #rt::Result<(), __A::Error> {
                match __index {
                    #(#fill)*
                    _ => {}
                }
                #rt::Result::Ok(())
            }
            fn finish<__E: #rt::Error>(__slots: Self::Slots) -> #rt::Result<Self, __E> {
                #rt::Result::Ok(Self { #(#take),* })
            }
        }
        impl<'de> #rt::Deserialize<'de> for #name {
            fn deserialize<__D: #rt::Deserializer<'de>>(__d: __D) -> #rt::Result<Self, __D::Error> {
                #rt::deserialize(__d)
            }
        }
    }
}

/// → `a: match slots.0 { Some(given) => given, None => …the default, or what the type makes of nothing… }`
fn take(tool: &Tool, index: usize, argument: &Argument) -> TokenStream {
    let rt = &tool.rt;
    let Argument { ident, name, ty, .. } = argument;
    let name = &name.text;
    let slot = Literal::usize_unsuffixed(index);
    let absent = match &argument.default {
        Some(Default::OfType) => quote_spanned!(Span::mixed_site()=> <#ty as #rt::Default>::default()),
        Some(Default::Expr(_)) => {
            let default = default_fn(index);
            quote_spanned!(Span::mixed_site()=> #default())
        }
        None => quote_spanned!(Span::mixed_site()=> <#ty as #rt::DeserializeArgument>::absent(#name)?),
    };
    quote_spanned! {Span::mixed_site()=>
        #ident: match __slots.#slot {
            #rt::Option::Some(__given) => __given,
            #rt::Option::None => #absent,
        }
    }
}

/// The function that makes the default of argument `index`; [`definition`](super::definition) writes it.
pub(super) fn default_fn(index: usize) -> proc_macro2::Ident {
    format_ident!("__default_{index}", span = Span::mixed_site())
}

/// → `impl Serialize for add`, where every argument is `Serialize`.
fn serialize(tool: &Tool) -> TokenStream {
    let Tool { rt, arguments: name, .. } = tool;
    let text = name.unraw().to_string();
    let count = tool.visible().count();
    let types = tool.visible().map(|argument| &argument.ty);
    let fields = tool.visible().map(|Argument { ident, name, .. }| {
        let name = &name.text;
        quote_spanned!(Span::mixed_site()=> __out.serialize_field(#name, &self.#ident)?;)
    });
    quote_spanned! {Span::mixed_site()=>
        impl #rt::Serialize for #name where #(for<'__a> #types: #rt::Serialize),* {
            fn serialize<__S: #rt::Serializer>(&self, __s: __S) -> #rt::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut)]
                let mut __out = __s.serialize_struct(#text, #count)?;
                #(#fields)*
                __out.end()
            }
        }
    }
}

/// → `impl Debug for add`, where every argument is `Debug`.
fn debug(tool: &Tool) -> TokenStream {
    let Tool { rt, arguments: name, .. } = tool;
    let text = name.unraw().to_string();
    let types = tool.visible().map(|argument| &argument.ty);
    let fields = tool.visible().map(|Argument { ident, .. }| {
        let field = ident.unraw().to_string();
        quote_spanned!(Span::mixed_site()=> .field(#field, &self.#ident))
    });
    quote_spanned! {Span::mixed_site()=>
        impl #rt::Debug for #name where #(for<'__a> #types: #rt::Debug),* {
            fn fmt(&self, __f: &mut #rt::Formatter<'_>) -> #rt::FmtResult {
                __f.debug_struct(#text)#(#fields)*.finish()
            }
        }
    }
}

/// ```text
/// fn file(#[arg(flatten)] report: Report)   →   impl Deserialize, Serialize and Debug for file, as of a `Report`
/// ```
fn whole(tool: &Tool, argument: &Argument) -> TokenStream {
    let Tool { rt, arguments: name, .. } = tool;
    let Argument { ident, ty, .. } = argument;
    let text = name.unraw().to_string();
    let field = ident.unraw().to_string();
    quote_spanned! {Span::mixed_site()=>
        impl<'de> #rt::Deserialize<'de> for #name {
            fn deserialize<__D: #rt::Deserializer<'de>>(__d: __D) -> #rt::Result<Self, __D::Error> {
                #rt::Result::Ok(Self { #ident: <#ty as #rt::DeserializeArgument>::read(__d)? })
            }
        }
        impl #rt::Serialize for #name where for<'__a> #ty: #rt::Serialize {
            fn serialize<__S: #rt::Serializer>(&self, __s: __S) -> #rt::Result<__S::Ok, __S::Error> {
                #rt::Serialize::serialize(&self.#ident, __s)
            }
        }
        impl #rt::Debug for #name where for<'__a> #ty: #rt::Debug {
            fn fmt(&self, __f: &mut #rt::Formatter<'_>) -> #rt::FmtResult {
                __f.debug_struct(#text).field(#field, &self.#ident).finish()
            }
        }
    }
}
