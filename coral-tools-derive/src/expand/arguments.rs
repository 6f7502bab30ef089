//! The struct of the arguments, with its `Deserialize`, `Serialize` and `Debug`.

use proc_macro2::{Literal, Span, TokenStream};
use quote::format_ident;
use syn::Attribute;
use syn::ext::IdentExt;

use super::attrs_with_names;
use crate::emit::emit;
use crate::model::{Argument, DefaultValue, Tool};

/// ```text
/// /// Adds.
/// pub fn add(
///     /// One number.                →    /// Adds.
///     a: u32,                             pub struct add {
///     #[context] call: CallContext,           /// One number.
/// )                                           pub a: u32,
///                                         }
/// ```
pub(super) fn arguments_struct(tool: &Tool) -> TokenStream {
    let name = &tool.arguments_type;
    let vis = &tool.function.vis;
    let attrs = attrs_with_names(&tool.function.attrs, &["cfg", "doc", "deprecated", "allow"]);
    let docs = docs_if_missing(&tool.function.attrs, &format!("The arguments of `{}`.", tool.name.text));
    let fields = tool.arguments().map(|Argument { ident, name, ty, docs, .. }| {
        let missing = docs_if_missing(docs, &format!("`{}`.", name.text));
        emit!(#(#docs)* #missing #vis #ident: #ty)
    });
    emit! {
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

/// → `#[doc = "…"]` if the user wrote no documentation, because crates may forbid undocumented items
fn docs_if_missing(attrs: &[Attribute], docs: &str) -> Option<TokenStream> {
    let is_documented = attrs.iter().any(|attr| attr.path().is_ident("doc"));
    (!is_documented).then(|| emit!(#[doc = #docs]))
}

pub(super) fn impls(tool: &Tool) -> TokenStream {
    match tool.flattened() {
        Some(argument) => flattened(tool, argument),
        None if has_flattened(tool) => {
            [deserialize(tool), serialize_flattened(tool), debug(tool)].into_iter().collect()
        }
        None => [deserialize(tool), serialize(tool), debug(tool)].into_iter().collect(),
    }
}

/// ```text
///                                    impl ArgumentFields for add {
///                                        type Slots = (Option<u32>, Option<u32>);
/// fn add(a: u32, b: u32)        →        …one match arm per argument to fill a slot, one line to take its value…
///                                    }
///                                    impl<'de> Deserialize<'de> for add { …a call of the library… }
/// ```
fn deserialize(tool: &Tool) -> TokenStream {
    let name = &tool.arguments_type;
    let text = name.unraw().to_string();
    let named = || tool.arguments().filter(|argument| argument.flatten.is_none());
    let names = named().map(|argument| &argument.name.text);
    let slots = named().map(|Argument { ty, .. }| emit!(__rt::Option<#ty>,));
    let empty = named().map(|_| emit!(__rt::Option::None,));
    let fill = named().enumerate().map(|(index, Argument { ty, .. })| {
        let slot = Literal::usize_unsuffixed(index);
        emit!(#slot => __slots.#slot = <#ty as __rt::DeserializeArgument>::next(__map)?,)
    });
    let buffer = Buffer::new(named().count(), has_flattened(tool));
    let Buffer { ty: buffer_ty, empty: buffer_empty, method: buffer_method, slot: buffer_slot } = &buffer;
    let mut slot_indices = 0..;
    let take = tool.arguments().enumerate().map(|(index, argument)| match argument {
        Argument { ident, flatten: Some(_), .. } => emit!(#ident: __rt::flattened(&__slots.#buffer_slot)?),
        argument => take(slot_indices.next().unwrap_or_default(), index, argument),
    });
    emit! {
        impl __rt::ArgumentFields for #name {
            type Slots = (#(#slots)* #buffer_ty);
            const STRUCT: &'static __rt::primitive::str = #text;
            const NAMES: &'static [&'static __rt::primitive::str] = &[#(#names),*];
            fn empty() -> Self::Slots { (#(#empty)* #buffer_empty) }
            #buffer_method
            fn fill<'de, __A: __rt::MapAccess<'de>>(
                __slots: &mut Self::Slots,
                __index: __rt::primitive::usize,
                __map: &mut __A,
            ) -> __rt::Result<(), __A::Error> {
                match __index {
                    #(#fill)*
                    _ => {}
                }
                __rt::Result::Ok(())
            }
            fn finish<__E: __rt::Error>(__slots: Self::Slots) -> __rt::Result<Self, __E> {
                __rt::Result::Ok(Self { #(#take),* })
            }
        }
        impl<'de> __rt::Deserialize<'de> for #name {
            fn deserialize<__D: __rt::Deserializer<'de>>(__d: __D) -> __rt::Result<Self, __D::Error> {
                __rt::deserialize(__d)
            }
        }
    }
}

/// The last slot, of the arguments that are fields of flattened parameters, if there are such parameters.
#[derive(Default)]
struct Buffer {
    ty: TokenStream,
    empty: TokenStream,
    method: TokenStream,
    slot: TokenStream,
}

impl Buffer {
    fn new(index: usize, is_needed: bool) -> Self {
        if !is_needed {
            return Self::default();
        }
        let slot = Literal::usize_unsuffixed(index);
        Self {
            ty: emit!(__rt::BufferedArguments,),
            empty: emit!(<__rt::BufferedArguments as __rt::Default>::default(),),
            method: emit! {
                fn flattened(__slots: &mut Self::Slots) -> __rt::Option<&mut __rt::BufferedArguments> {
                    __rt::Option::Some(&mut __slots.#slot)
                }
            },
            slot: emit!(#slot),
        }
    }
}

fn has_flattened(tool: &Tool) -> bool {
    tool.arguments().any(|argument| argument.flatten.is_some())
}

/// → `a: match slots.0 { Some(given) => given, None => …the default, or the type's value of a missing field… }`
fn take(slot: usize, index: usize, argument: &Argument) -> TokenStream {
    let Argument { ident, name, ty, .. } = argument;
    let name = &name.text;
    let slot = Literal::usize_unsuffixed(slot);
    let absent = match &argument.default {
        Some(DefaultValue::OfType) => emit!(<#ty as __rt::Default>::default()),
        Some(DefaultValue::Expr(_)) => {
            let default = default_fn(index);
            emit!(#default())
        }
        None => emit!(<#ty as __rt::DeserializeArgument>::absent(#name)?),
    };
    emit! {
        #ident: match __slots.#slot {
            __rt::Option::Some(__given) => __given,
            __rt::Option::None => #absent,
        }
    }
}

/// Returns the name of the function that returns the default of argument `index`. [`definition`](super::definition)
/// generates it.
pub(super) fn default_fn(index: usize) -> proc_macro2::Ident {
    format_ident!("__default_{index}", span = Span::mixed_site())
}

/// → `impl Serialize for add`, if every argument is `Serialize`. An absent `Option<Option<T>>` is left out.
fn serialize(tool: &Tool) -> TokenStream {
    let name = &tool.arguments_type;
    let text = name.unraw().to_string();
    let count = tool.arguments().count();
    let types = tool.arguments().map(|argument| &argument.ty);
    let fields = tool.arguments().map(|Argument { ident, name, ty, .. }| {
        let name = &name.text;
        emit! {
            if !__rt::ParameterType::<#ty>::is_absent(&self.#ident) {
                __out.serialize_field(#name, &self.#ident)?;
            }
        }
    });
    emit! {
        impl __rt::Serialize for #name where #(for<'__a> #types: __rt::Serialize),* {
            fn serialize<__S: __rt::Serializer>(&self, __s: __S) -> __rt::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut)]
                let mut __out = __s.serialize_struct(#text, #count)?;
                #(#fields)*
                __out.end()
            }
        }
    }
}

/// → `impl Serialize for list`, as one object with the fields of the flattened parameters
fn serialize_flattened(tool: &Tool) -> TokenStream {
    let name = &tool.arguments_type;
    let types = tool.arguments().map(|argument| &argument.ty);
    let fields = tool.arguments().map(|Argument { ident, name, ty, flatten, .. }| match flatten {
        Some(_) => emit!(__object.flatten(&self.#ident)?;),
        None => {
            let name = &name.text;
            emit! {
                if !__rt::ParameterType::<#ty>::is_absent(&self.#ident) {
                    __object.argument(#name, &self.#ident)?;
                }
            }
        }
    });
    emit! {
        impl __rt::Serialize for #name where #(for<'__a> #types: __rt::Serialize),* {
            fn serialize<__S: __rt::Serializer>(&self, __s: __S) -> __rt::Result<__S::Ok, __S::Error> {
                let mut __object = __rt::FlattenedObject::new();
                #(#fields)*
                __object.serialize(__s)
            }
        }
    }
}

/// → `impl Debug for add`, if every argument is `Debug`; `#[inline]`, so that it is compiled only where it is used
fn debug(tool: &Tool) -> TokenStream {
    let name = &tool.arguments_type;
    let text = name.unraw().to_string();
    let types = tool.arguments().map(|argument| &argument.ty);
    let fields = tool.arguments().map(|Argument { ident, .. }| {
        let field = ident.unraw().to_string();
        emit!(.field(#field, &self.#ident))
    });
    emit! {
        impl __rt::Debug for #name where #(for<'__a> #types: __rt::Debug),* {
            #[inline]
            fn fmt(&self, __f: &mut __rt::Formatter<'_>) -> __rt::FmtResult {
                __f.debug_struct(#text)#(#fields)*.finish()
            }
        }
    }
}

/// A flattened parameter that is the only argument: nothing is buffered.
///
/// ```text
/// fn file(#[arg(flatten)] report: Report)   →   impl Deserialize, Serialize and Debug for file, like those of `Report`
/// ```
fn flattened(tool: &Tool, argument: &Argument) -> TokenStream {
    let name = &tool.arguments_type;
    let Argument { ident, ty, .. } = argument;
    let text = name.unraw().to_string();
    let field = ident.unraw().to_string();
    emit! {
        impl<'de> __rt::Deserialize<'de> for #name {
            fn deserialize<__D: __rt::Deserializer<'de>>(__d: __D) -> __rt::Result<Self, __D::Error> {
                __rt::Result::Ok(Self { #ident: <#ty as __rt::DeserializeArgument>::read(__d)? })
            }
        }
        impl __rt::Serialize for #name where for<'__a> #ty: __rt::Serialize {
            fn serialize<__S: __rt::Serializer>(&self, __s: __S) -> __rt::Result<__S::Ok, __S::Error> {
                __rt::Serialize::serialize(&self.#ident, __s)
            }
        }
        impl __rt::Debug for #name where for<'__a> #ty: __rt::Debug {
            #[inline]
            fn fmt(&self, __f: &mut __rt::Formatter<'_>) -> __rt::FmtResult {
                __f.debug_struct(#text).field(#field, &self.#ident).finish()
            }
        }
    }
}
