//! The enums of texts to choose from.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use super::super::kind::Scalar;
use super::super::names::Field;
use super::super::texts;
use super::super::written::Written;
use super::comment::doc_comment;
use super::parts::Parts;

/// The name of a field's enum, if it has one: that of the struct and that of the field.
pub(super) fn name(parts: &Parts<'_>, field: &Field<'_>) -> Ident {
    let ident = &parts.written.item.ident;
    format_ident!("{ident}{}", field.choice, span = ident.span())
}

pub(super) fn enums(parts: &Parts<'_>) -> TokenStream {
    parts.fields.iter().map(|field| of_field(parts, field)).collect()
}

fn of_field(parts: &Parts<'_>, field: &Field<'_>) -> TokenStream {
    let Scalar::Choice(choice) = &field.option.kind.scalar else { return TokenStream::new() };
    let Written { item, krate, .. } = parts.written;
    let (vis, name) = (&item.vis, name(parts, field));
    let docs = doc_comment(&format!("What option {} can be.", texts::code(&field.option.name)));
    let variants = choice.variants.iter().map(|(text, variant)| {
        let docs = doc_comment(&format!("{}.", texts::code(text)));
        quote_spanned!(Span::mixed_site()=> #docs #variant,)
    });
    let texts =
        choice.variants.iter().map(|(text, variant)| quote_spanned!(Span::mixed_site()=> Self::#variant => #text,));
    quote_spanned! {Span::mixed_site()=>
        #docs
        #[derive(#krate::__::Debug, #krate::__::Clone, #krate::__::Copy, #krate::__::PartialEq, #krate::__::Eq)]
        #[allow(clippy::exhaustive_enums, clippy::enum_variant_names)]
        #vis enum #name { #(#variants)* }

        impl #name {
            /// As the agent gets it.
            #[must_use]
            #vis const fn as_str(self) -> &'static #krate::__::primitive::str {
                match self { #(#texts)* }
            }
        }
    }
}
