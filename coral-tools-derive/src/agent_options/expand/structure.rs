//! The struct, and how a value of it comes to be.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::super::default;
use super::super::kind::Scalar;
use super::super::names::Field;
use super::super::option::Presence;
use super::super::written::Written;
use super::choice;
use super::comment::{doc_comment, docs};
use super::parts::Parts;

pub(super) fn structure(parts: &Parts<'_>) -> TokenStream {
    let Written { item, krate, .. } = parts.written;
    let (name, vis) = (&item.ident, &item.vis);
    let fields = parts.fields.iter().map(|field| {
        let (ident, ty) = (&field.ident, field_type(parts, field));
        let docs = doc_comment(&field.option.docs);
        quote_spanned!(Span::mixed_site()=> #docs #vis #ident: #ty,)
    });
    let body = if parts.fields.is_empty() {
        quote_spanned!(Span::mixed_site()=> ;)
    } else {
        quote_spanned!(Span::mixed_site()=> { #(#fields)* })
    };
    let docs = docs(parts);
    quote_spanned! {Span::mixed_site()=>
        #docs
        #[derive(#krate::__::Clone, #krate::__::PartialEq)]
        #[allow(rustdoc::bare_urls, clippy::derive_partial_eq_without_eq, clippy::exhaustive_structs, clippy::struct_excessive_bools)]
        #vis struct #name #body
    }
}

fn field_type(parts: &Parts<'_>, field: &Field<'_>) -> TokenStream {
    let krate = &parts.written.krate;
    let ty = value_type(parts, field);
    match field.option.presence {
        Presence::Optional => quote_spanned!(Span::mixed_site()=> #krate::__::Option<#ty>),
        Presence::Required | Presence::Default(_) => ty,
    }
}

fn value_type(parts: &Parts<'_>, field: &Field<'_>) -> TokenStream {
    let krate = &parts.written.krate;
    let one = match &field.option.kind.scalar {
        Scalar::Text => quote_spanned!(Span::mixed_site()=> #krate::__::String),
        Scalar::Choice(_) => {
            let name = choice::name(parts, field);
            quote_spanned!(Span::mixed_site()=> #name)
        }
        Scalar::Blob => quote_spanned!(Span::mixed_site()=> #krate::__::Vec<#krate::__::primitive::u8>),
        Scalar::Bool => quote_spanned!(Span::mixed_site()=> #krate::__::primitive::bool),
        Scalar::Number(name) => {
            let name = quote::format_ident!("{name}");
            quote_spanned!(Span::mixed_site()=> #krate::__::primitive::#name)
        }
    };
    if field.option.kind.is_list { quote_spanned!(Span::mixed_site()=> #krate::__::Vec<#one>) } else { one }
}

/// `Default` where nothing must be given, otherwise `new` with all that must.
pub(super) fn default_or_new(parts: &Parts<'_>) -> TokenStream {
    let Written { item, .. } = parts.written;
    let (name, vis) = (&item.ident, &item.vis);
    let values = parts.fields.iter().map(|field| initial(parts, field));
    let required: Vec<_> =
        parts.fields.iter().filter(|field| matches!(field.option.presence, Presence::Required)).collect();
    if required.is_empty() {
        return quote_spanned! {Span::mixed_site()=>
            impl __rt::Default for #name {
                fn default() -> Self {
                    Self { #(#values)* }
                }
            }
        };
    }
    let parameters = required.iter().map(|field| {
        let (ident, ty) = (&field.ident, value_type(parts, field));
        // A number as it is written would not find its type that way.
        match field.option.kind.scalar {
            Scalar::Text | Scalar::Blob => quote_spanned!(Span::mixed_site()=> #ident: impl __rt::Into<#ty>),
            _ => quote_spanned!(Span::mixed_site()=> #ident: #ty),
        }
    });
    quote_spanned! {Span::mixed_site()=>
        impl #name {
            /// With what must be given, and the defaults of the entry for all else.
            #[must_use]
            #vis fn new(#(#parameters),*) -> Self {
                Self { #(#values)* }
            }
        }
    }
}

fn initial(parts: &Parts<'_>, field: &Field<'_>) -> TokenStream {
    let ident = &field.ident;
    let value = match &field.option.presence {
        Presence::Required => match field.option.kind.scalar {
            Scalar::Text | Scalar::Blob => quote_spanned!(Span::mixed_site()=> __rt::Into::into(#ident)),
            _ => quote_spanned!(Span::mixed_site()=> #ident),
        },
        Presence::Optional => quote_spanned!(Span::mixed_site()=> __rt::Option::None),
        // Of the type, as has been looked at when it was read.
        Presence::Default(value) => {
            default::tokens(&field.option.kind, value, &choice::name(parts, field)).unwrap_or_default()
        }
    };
    quote_spanned!(Span::mixed_site()=> #ident: #value,)
}

/// `Debug` without the secrets.
pub(super) fn debug(parts: &Parts<'_>) -> TokenStream {
    let name = &parts.written.item.ident;
    let fields = parts.fields.iter().map(|field| {
        let ident = &field.ident;
        let shown = if field.option.secret {
            quote_spanned!(Span::mixed_site()=> __rt::format_args!("…"))
        } else {
            quote_spanned!(Span::mixed_site()=> self.#ident)
        };
        let ident = ident.to_string();
        let label = ident.trim_start_matches("r#");
        quote_spanned!(Span::mixed_site()=> .field(#label, &#shown))
    });
    quote_spanned! {Span::mixed_site()=>
        impl __rt::Debug for #name {
            fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::FmtResult {
                f.debug_struct(__rt::stringify!(#name)) #(#fields)* .finish()
            }
        }
    }
}
