//! Attributes of derive macros on a parameter, which have no meaning there, and the keys of `#[arg(…)]` that replace them.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Meta};

use crate::errors::Errors;
use crate::function::DERIVE_ATTRIBUTES;

/// A key of `#[serde]`, `#[schemars]`, `#[validate]` or `#[garde]`, and what replaces it.
const REPLACEMENTS: [(&str, &str); 13] = [
    ("rename", "rename = \"…\""),
    ("default", "default"),
    ("flatten", "flatten"),
    ("example", "example = …"),
    ("range", "minimum = 1, maximum = 5"),
    ("length", "min_length = 1, max_length = 80"),
    ("regex", "pattern = \"…\""),
    ("pattern", "pattern = \"…\""),
    ("email", "format = \"email\""),
    ("url", "format = \"uri\""),
    ("ipv4", "format = \"ipv4\""),
    ("ipv6", "format = \"ipv6\""),
    ("inner", "items(min_length = 1)"),
];

pub(super) fn reject(attrs: &[Attribute], errors: &Errors) {
    for attr in attrs {
        if let Some(name) = DERIVE_ATTRIBUTES.iter().find(|name| attr.path().is_ident(name)) {
            errors.report(attr, message(name, attr));
        }
    }
}

fn message(name: &str, attr: &Attribute) -> String {
    let replacements: Vec<_> = keys(attr).iter().map(|key| replacement(key)).collect();
    let only_known = !replacements.is_empty() && replacements.iter().all(Option::is_some);
    match only_known {
        true => {
            let keys: Vec<_> = replacements.into_iter().flatten().collect();
            format!("`#[{name}]` has no effect on a parameter: write `#[arg({})]`", keys.join(", "))
        }
        false => format!(
            "`#[{name}]` has no effect on a parameter: write `#[arg(…)]`, or make the parameters the fields of a struct, \
             which may have it, and take the struct with `#[arg(flatten)]`"
        ),
    }
}

/// Returns the names that follow a comma, or the start.
fn keys(attr: &Attribute) -> Vec<String> {
    let tokens = match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_comma = |token: &TokenTree| token.to_string() == ",";
    tokens.split(is_comma).filter_map(|key| key.first()).map(ToString::to_string).collect()
}

fn replacement(key: &str) -> Option<&'static str> {
    REPLACEMENTS.iter().find(|(known, _)| *known == key).map(|(_, replacement)| *replacement)
}
