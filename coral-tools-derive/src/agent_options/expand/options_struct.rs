//! The struct, its `Default` or `new`, and its `Debug`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;

use super::super::default_value;
use super::super::field::GeneratedField;
use super::super::input::MacroInput;
use super::super::option_type::ScalarType;
use super::super::registry_option::Presence;
use super::doc_comment::{attrs_and_docs, doc_comment};
use super::expansion_input::ExpansionInput;
use super::option_enum;
use crate::emit::emit;

pub(super) fn definition(expansion_input: &ExpansionInput<'_>) -> TokenStream {
    let MacroInput { item, crate_path, .. } = expansion_input.input;
    let (name, vis) = (&item.ident, &item.vis);
    let fields = expansion_input.fields.iter().map(|field| {
        let (ident, ty) = (&field.ident, field_type(expansion_input, field));
        let docs = doc_comment(&field.option.docs);
        emit!(#docs #vis #ident: #ty,)
    });
    let body = if expansion_input.fields.is_empty() { emit!(;) } else { emit!({ #(#fields)* }) };
    let attrs = attrs_and_docs(expansion_input);
    emit! {
        #attrs
        #[derive(#crate_path::__::Clone, #crate_path::__::PartialEq)]
        #[allow(rustdoc::bare_urls, clippy::derive_partial_eq_without_eq, clippy::exhaustive_structs, clippy::struct_excessive_bools)]
        #vis struct #name #body
    }
}

fn field_type(expansion_input: &ExpansionInput<'_>, field: &GeneratedField<'_>) -> TokenStream {
    let crate_path = &expansion_input.input.crate_path;
    let ty = value_type(expansion_input, field);
    match field.option.presence {
        Presence::Optional => emit!(#crate_path::__::Option<#ty>),
        Presence::Required | Presence::Default(_) => ty,
    }
}

fn value_type(expansion_input: &ExpansionInput<'_>, field: &GeneratedField<'_>) -> TokenStream {
    let crate_path = &expansion_input.input.crate_path;
    let scalar = match &field.option.option_type.scalar {
        ScalarType::String => emit!(#crate_path::__::String),
        ScalarType::Enum(_) => {
            let name = option_enum::name(expansion_input, field);
            emit!(#name)
        }
        ScalarType::Blob => emit!(#crate_path::__::Vec<#crate_path::__::primitive::u8>),
        ScalarType::Bool => emit!(#crate_path::__::primitive::bool),
        ScalarType::Number(name) => {
            let name = quote::format_ident!("{name}");
            emit!(#crate_path::__::primitive::#name)
        }
    };
    if field.option.option_type.is_list { emit!(#crate_path::__::Vec<#scalar>) } else { scalar }
}

/// → `Default` if no option is required, otherwise `new` with all required ones
pub(super) fn default_or_new(expansion_input: &ExpansionInput<'_>) -> TokenStream {
    let item = &expansion_input.input.item;
    let (name, vis) = (&item.ident, &item.vis);
    let values = expansion_input.fields.iter().map(|field| initial_value(expansion_input, field));
    let is_required = |field: &&GeneratedField<'_>| matches!(field.option.presence, Presence::Required);
    let required: Vec<_> = expansion_input.fields.iter().filter(is_required).collect();
    if required.is_empty() {
        return emit! {
            impl __rt::Default for #name {
                fn default() -> Self {
                    Self { #(#values)* }
                }
            }
        };
    }
    let parameters = required.iter().map(|field| {
        let (ident, ty) = (&field.ident, value_type(expansion_input, field));
        match field.option.option_type.scalar {
            ScalarType::String | ScalarType::Blob => emit!(#ident: impl __rt::Into<#ty>),
            // The compiler could not infer the type of a number literal from `impl Into`.
            _ => emit!(#ident: #ty),
        }
    });
    emit! {
        impl #name {
            /// Creates options with these values, and with the defaults for all other options.
            #[must_use]
            #vis fn new(#(#parameters),*) -> Self {
                Self { #(#values)* }
            }
        }
    }
}

fn initial_value(expansion_input: &ExpansionInput<'_>, field: &GeneratedField<'_>) -> TokenStream {
    let ident = &field.ident;
    let value = match &field.option.presence {
        Presence::Required => match field.option.option_type.scalar {
            ScalarType::String | ScalarType::Blob => emit!(__rt::Into::into(#ident)),
            _ => emit!(#ident),
        },
        Presence::Optional => emit!(__rt::Option::None),
        // Always `Some`: the type of the default was checked when it was decoded.
        Presence::Default(value) => {
            default_value::tokens(&field.option.option_type, value, &option_enum::name(expansion_input, field))
                .unwrap_or_default()
        }
    };
    emit!(#ident: #value,)
}

/// → `impl Debug`, which hides secrets
pub(super) fn debug(expansion_input: &ExpansionInput<'_>) -> TokenStream {
    let name = &expansion_input.input.item.ident;
    let fields = expansion_input.fields.iter().map(|field| {
        let ident = &field.ident;
        let value = if field.option.is_secret { emit!(__rt::format_args!("…")) } else { emit!(self.#ident) };
        let label = ident.unraw().to_string();
        emit!(.field(#label, &#value))
    });
    emit! {
        impl __rt::Debug for #name {
            fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::FmtResult {
                f.debug_struct(__rt::stringify!(#name)) #(#fields)* .finish()
            }
        }
    }
}
