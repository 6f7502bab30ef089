//! The enums of options with a fixed set of strings.

use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

use super::super::docs;
use super::super::field::GeneratedField;
use super::super::input::MacroInput;
use super::super::option_type::ScalarType;
use super::doc_comment::doc_comment;
use super::expansion_input::ExpansionInput;
use crate::emit::emit;

/// Returns the name of a field's enum, if it has one: the name of the struct, then that of the field.
pub(super) fn name(expansion_input: &ExpansionInput<'_>, field: &GeneratedField<'_>) -> Ident {
    let ident = &expansion_input.input.item.ident;
    format_ident!("{ident}{}", field.enum_suffix, span = ident.span())
}

pub(super) fn enums(expansion_input: &ExpansionInput<'_>) -> TokenStream {
    expansion_input.fields.iter().map(|field| field_enum(expansion_input, field)).collect()
}

fn field_enum(expansion_input: &ExpansionInput<'_>, field: &GeneratedField<'_>) -> TokenStream {
    let ScalarType::Enum(option_enum) = &field.option.option_type.scalar else { return TokenStream::new() };
    let MacroInput { item, crate_path, .. } = expansion_input.input;
    let (vis, name) = (&item.vis, name(expansion_input, field));
    let docs = doc_comment(&format!("The values of option {}.", docs::code(&field.option.name)));
    let variants = option_enum.variants.iter().map(|(string, variant)| {
        let docs = doc_comment(&format!("{}.", docs::code(string)));
        emit!(#docs #variant,)
    });
    let arms = option_enum.variants.iter().map(|(string, variant)| emit!(Self::#variant => #string,));
    emit! {
        #docs
        #[derive(#crate_path::__::Debug, #crate_path::__::Clone, #crate_path::__::Copy, #crate_path::__::PartialEq, #crate_path::__::Eq)]
        #[allow(clippy::exhaustive_enums, clippy::enum_variant_names)]
        #vis enum #name { #(#variants)* }

        impl #name {
            /// Returns the string that is sent to the agent.
            #[must_use]
            #vis const fn as_str(self) -> &'static #crate_path::__::primitive::str {
                match self { #(#arms)* }
            }
        }
    }
}
