//! The enum or struct under `#[derive(IntoToolError)]`.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Fields, Generics, Item};

use crate::errors::{AlreadyReported, Errors};

pub(super) struct ErrorType {
    pub(super) attrs: Vec<Attribute>,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) variants: Variants,
}

pub(super) enum Variants {
    Struct(Fields),
    Enum(Vec<syn::Variant>),
    /// Its error has been reported.
    Union,
}

pub(super) fn parse(item: TokenStream, errors: &Errors) -> Result<ErrorType, AlreadyReported> {
    let error_type = match syn::parse2(item) {
        Ok(Item::Enum(item)) => ErrorType {
            attrs: item.attrs,
            ident: item.ident,
            generics: item.generics,
            variants: Variants::Enum(item.variants.into_iter().collect()),
        },
        Ok(Item::Struct(item)) => ErrorType {
            attrs: item.attrs,
            ident: item.ident,
            generics: item.generics,
            variants: Variants::Struct(item.fields),
        },
        Ok(Item::Union(item)) => {
            errors.report(
                item.union_token,
                "`IntoToolError` cannot be derived for a union: write an enum with a variant for each error",
            );
            ErrorType { attrs: item.attrs, ident: item.ident, generics: item.generics, variants: Variants::Union }
        }
        Ok(other) => return Err(errors.report(other, "`IntoToolError` can be derived for an enum or a struct")),
        Err(error) => return Err(errors.push(error)),
    };
    Ok(error_type)
}
