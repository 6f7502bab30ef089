//! The limits of JSON Schema, in snake case.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Expr, ExprLit, ExprUnary, Lit, LitStr, UnOp};

use super::value;
use crate::args::Setting;
use crate::errors::{Errors, did_you_mean};
use crate::model::{Bound, Limit, Number};

const FORMATS: [&str; 9] = ["date-time", "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"];

/// `None` where the value is none of this limit; the inner `None` for a flag that is off.
pub(super) fn lower(setting: &Setting, errors: &Errors) -> Option<Option<Limit>> {
    let bound = match setting.key.unraw().to_string().as_str() {
        "unique_items" if value::flag(setting, errors)? => Bound::Flag,
        "unique_items" => return Some(None),
        "pattern" => Bound::Text(pattern(setting, errors)?),
        "format" => Bound::Text(format(setting, errors)?),
        "min_length" | "max_length" | "min_items" | "max_items" => Bound::Count(count(setting, errors)?),
        _ => Bound::Number(number(setting, errors)?),
    };
    Some(Some(Limit { key: setting.key.clone(), bound, tokens: tokens(setting) }))
}

fn tokens(setting: &Setting) -> TokenStream {
    let Setting { key, value } = setting;
    match value {
        Some(value) => quote!(#key = #value),
        None => key.to_token_stream(),
    }
}

fn pattern(setting: &Setting, errors: &Errors) -> Option<LitStr> {
    let pattern = value::text(setting, errors)?;
    if let Some(construct) = not_ecma(&pattern.value()) {
        errors.at(&pattern, format!("`{construct}` is not part of JSON Schema's regular expressions"));
        return None;
    }
    match regex_lite::Regex::new(&pattern.value()) {
        Ok(_) => Some(pattern),
        Err(error) => {
            errors.at(&pattern, format!("not a regular expression: {error}"));
            None
        }
    }
}

/// Syntax of Rust's regular expressions that means something else, or nothing, to agents. The runtime has the same list
/// for patterns that come with a type.
fn not_ecma(source: &str) -> Option<&'static str> {
    let source = source.replace("\\\\", "");
    ["\\A", "\\z", "[[:", "(?P", "(?i", "(?s", "(?m", "(?x", "(?U", "(?R", "(?u", "(?-"]
        .into_iter()
        .find(|construct| source.contains(construct))
}

fn format(setting: &Setting, errors: &Errors) -> Option<LitStr> {
    let format = value::text(setting, errors)?;
    let name = format.value();
    if FORMATS.contains(&name.as_str()) {
        return Some(format);
    }
    let hint = did_you_mean(&name, &FORMATS).unwrap_or_else(|| format!("known are `{}`", FORMATS.join("`, `")));
    errors.at(&format, format!("no format `{name}` is known; {hint}"));
    None
}

fn count(setting: &Setting, errors: &Errors) -> Option<u64> {
    let value = value::expr(setting, errors)?;
    let count = match value {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok(),
        _ => None,
    };
    if count.is_none() {
        let key = setting.key.unraw();
        errors.at(value, format!("`{key}` takes a whole number from 0: `{key} = 1`"));
    }
    count
}

fn number(setting: &Setting, errors: &Errors) -> Option<Number> {
    let value = value::expr(setting, errors)?;
    let number = parse(value);
    if number.is_none() {
        let key = setting.key.unraw();
        errors.at(value, format!("`{key}` takes a number: `{key} = 1`, `{key} = -0.5`"));
    }
    number
}

/// A number that JSON can hold, also a negative one.
fn parse(value: &Expr) -> Option<Number> {
    match value::ungrouped(value) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok().map(Number::Int),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => {
            float.base10_parse().ok().filter(|float: &f64| float.is_finite()).map(Number::Float)
        }
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match parse(expr)? {
            Number::Int(int) => Some(Number::Int(-int)),
            Number::Float(float) => Some(Number::Float(-float)),
        },
        _ => None,
    }
}
