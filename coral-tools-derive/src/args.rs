//! An attribute as written: keys, their values, and where each stands.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token};

use crate::errors::{Errors, did_you_mean};

/// One `key` or `key = value`.
pub(crate) struct Setting {
    pub(crate) key: Ident,
    pub(crate) value: Option<Expr>,
}

impl Setting {
    pub(crate) fn is(&self, key: &str) -> bool {
        self.key.unraw() == key
    }
}

/// An attribute and the keys it knows.
pub(crate) struct Grammar {
    attribute: &'static str,
    keys: &'static [&'static str],
}

pub(crate) static TOOL: Grammar = Grammar {
    attribute: "#[coral_tool]",
    keys: &[
        "name",
        "title",
        "description",
        "read_only",
        "destructive",
        "idempotent",
        "open_world",
        "timeout",
        "blocking",
        "args",
        "crate",
    ],
};

pub(crate) static ARG: Grammar = Grammar {
    attribute: "#[arg]",
    keys: &[
        "rename",
        "default",
        "example",
        "minimum",
        "maximum",
        "exclusive_minimum",
        "exclusive_maximum",
        "multiple_of",
        "min_length",
        "max_length",
        "pattern",
        "format",
        "min_items",
        "max_items",
        "unique_items",
        "flatten",
    ],
};

/// Reads `key, key = value, …`. What cannot be read is reported and left out.
pub(crate) fn read(tokens: TokenStream, grammar: &Grammar, errors: &Errors) -> Vec<Setting> {
    let mut settings = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match setting(input) {
                Ok(setting) => settings.push(setting),
                Err(error) => {
                    errors.push(error);
                    skip(input)?;
                }
            }
        }
        Ok(())
    };
    errors.keep(parser.parse2(tokens));
    known_once(settings, grammar, errors)
}

/// One setting and the comma after it.
fn setting(input: ParseStream<'_>) -> syn::Result<Setting> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected a key, as in `key` or `key = value`"));
    }
    let key = Ident::parse_any(input)?;
    let value = input.parse::<Option<Token![=]>>()?.map(|_| input.parse()).transpose()?;
    if !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
        let expected = if value.is_some() { "`,`" } else { "`= value` or `,`" };
        return Err(input.error(format!("expected {expected} after `{key}`")));
    }
    Ok(Setting { key, value })
}

/// Passes over the rest of a setting that could not be read.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

fn known_once(settings: Vec<Setting>, grammar: &Grammar, errors: &Errors) -> Vec<Setting> {
    let mut kept: Vec<Setting> = Vec::new();
    for setting in settings {
        let key = setting.key.unraw().to_string();
        if !grammar.keys.contains(&key.as_str()) {
            errors.at(&setting.key, unknown(&key, grammar));
        } else if kept.iter().any(|earlier| earlier.is(&key)) {
            errors.at(&setting.key, format!("`{key}` is given twice; keep one"));
        } else {
            kept.push(setting);
        }
    }
    kept
}

fn unknown(key: &str, grammar: &Grammar) -> String {
    let Grammar { attribute, keys } = grammar;
    match did_you_mean(key, keys) {
        Some(hint) => format!("`{attribute}` has no key `{key}`; {hint}"),
        None => format!("`{attribute}` has no key `{key}`; it takes `{}`", keys.join("`, `")),
    }
}
