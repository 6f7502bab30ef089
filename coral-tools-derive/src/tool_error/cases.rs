//! From the attributes to what agents read about each variant.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Fields, Generics, Meta};

use super::input::{ErrorType, Variants};
use super::message::{AgentMessage, Target, message};
use crate::errors::Errors;
use crate::lower::{self, value};
use crate::settings::{self, ErrorKey, Setting};

/// An error type: the only input of the expansion.
pub(super) struct DerivedError {
    /// The path of the library, `coral_tools`.
    pub(super) crate_path: TokenStream,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) cases: Vec<Case>,
}

/// A variant of an enum, or the struct.
pub(super) struct Case {
    pub(super) variant: Option<Ident>,
    pub(super) message: AgentMessage,
}

pub(super) fn lower(input: ErrorType, errors: &Errors) -> DerivedError {
    let target = match &input.variants {
        Variants::Struct(fields) => Target::Struct(fields),
        Variants::Enum(_) | Variants::Union => Target::Enum,
    };
    let settings = parse(&input.attrs, errors);
    let default = message(&settings, target, errors).unwrap_or(AgentMessage::Internal);
    let crate_path = crate_path(&settings, errors);
    let cases = match &input.variants {
        Variants::Struct(fields) => {
            reject_on_fields(fields, "the struct", errors);
            vec![Case { variant: None, message: default }]
        }
        Variants::Enum(variants) => variants.iter().map(|variant| case(variant, &default, errors)).collect(),
        Variants::Union => Vec::new(),
    };
    DerivedError { crate_path, ident: input.ident, generics: input.generics, cases }
}

fn case(variant: &syn::Variant, default: &AgentMessage, errors: &Errors) -> Case {
    reject_on_fields(&variant.fields, "the variant", errors);
    let settings = parse(&variant.attrs, errors);
    let message = message(&settings, Target::Variant(&variant.fields), errors);
    Case { variant: Some(variant.ident.clone()), message: message.unwrap_or_else(|| default.clone()) }
}

fn attributes(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("tool_error"))
}

fn reject_on_fields(fields: &Fields, item: &str, errors: &Errors) {
    for attr in fields.iter().flat_map(|field| attributes(&field.attrs)) {
        errors.report(attr, format!("`#[tool_error]` cannot be applied to a field: move it before {item}"));
    }
}

/// Parses all `#[tool_error(…)]` of an item as if they were one.
fn parse(attrs: &[Attribute], errors: &Errors) -> Vec<Setting<ErrorKey>> {
    let mut tokens = TokenStream::new();
    for attr in attributes(attrs) {
        match &attr.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                tokens.extend(list.tokens.clone());
                tokens.extend(quote::quote!(,));
            }
            other => {
                errors.report(
                    other,
                    "`#[tool_error]` expects what the agent reads: `#[tool_error(display)]` or \
                     `#[tool_error(message = \"…\")]`",
                );
            }
        }
    }
    settings::parse(tokens, errors)
}

fn crate_path(settings: &[Setting<ErrorKey>], errors: &Errors) -> TokenStream {
    let setting = settings.iter().find(|setting| setting.key == ErrorKey::Crate);
    let path = setting.and_then(|setting| value::path(setting, errors).ok());
    path.map_or_else(lower::crate_path, ToTokens::into_token_stream)
}
