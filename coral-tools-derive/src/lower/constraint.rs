//! The constraints of JSON Schema in `#[arg(…)]`, in snake case.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::value;
use crate::errors::{AlreadyReported, Errors, did_you_mean};
use crate::model::{Constraint, ConstraintValue, NumberLiteral};
use crate::rules::{FORMATS, unsupported_regex_syntax};
use crate::settings::{self, ArgKey, Key, Setting, SettingValue};

impl Constraint {
    fn new(setting: &Setting<ArgKey>, value: ConstraintValue) -> Self {
        Self { key: setting.key, value, tokens: tokens(setting) }
    }
}

fn tokens(setting: &Setting<ArgKey>) -> TokenStream {
    let Setting { ident, value, .. } = setting;
    match value {
        SettingValue::Expr(value) => quote!(#ident = #value),
        SettingValue::List(keys) => quote!(#ident #keys),
        SettingValue::Absent | SettingValue::Missing => ident.to_token_stream(),
    }
}

/// Lowers a setting that is a constraint; `None` if it is another one, or a flag that is `false`.
pub(super) fn lower(setting: &Setting<ArgKey>, errors: &Errors) -> Result<Option<Constraint>, AlreadyReported> {
    match setting.key {
        ArgKey::Minimum
        | ArgKey::Maximum
        | ArgKey::ExclusiveMinimum
        | ArgKey::ExclusiveMaximum
        | ArgKey::MultipleOf => number(setting, errors).map(Some),
        ArgKey::MinLength | ArgKey::MaxLength | ArgKey::MinItems | ArgKey::MaxItems => count(setting, errors).map(Some),
        ArgKey::Pattern => pattern(setting, errors).map(Some),
        ArgKey::Format => format(setting, errors).map(Some),
        ArgKey::UniqueItems => flag(setting, errors),
        ArgKey::Items => items(setting, errors).map(Some),
        ArgKey::Rename | ArgKey::Default | ArgKey::Example | ArgKey::Flatten => Ok(None),
    }
}

/// `items(min_length = 1, …)`
fn items(setting: &Setting<ArgKey>, errors: &Errors) -> Result<Constraint, AlreadyReported> {
    let SettingValue::List(keys) = &setting.value else {
        return Err(errors.report(&setting.ident, "`items` expects constraints: `items(min_length = 1)`"));
    };
    let mut constraints = Vec::new();
    for setting in settings::parse(keys.stream(), errors) {
        match lower(&setting, errors) {
            Ok(None) if setting.key != ArgKey::UniqueItems => {
                let key = setting.key.name();
                errors.report(
                    &setting.ident,
                    format!("`{key}` is not a constraint of items: write it beside `items(…)`"),
                );
            }
            constraint => constraints.extend(constraint.ok().flatten()),
        }
    }
    Ok(Constraint::new(setting, ConstraintValue::Items(constraints)))
}

/// `unique_items`; `None` if it is `false`.
fn flag(setting: &Setting<ArgKey>, errors: &Errors) -> Result<Option<Constraint>, AlreadyReported> {
    Ok(value::flag(setting, errors)?.then(|| Constraint::new(setting, ConstraintValue::Flag)))
}

/// A regular expression that has the same meaning in JSON Schema (ECMA-262) and in the library.
fn pattern(setting: &Setting<ArgKey>, errors: &Errors) -> Result<Constraint, AlreadyReported> {
    let value = value::text(setting, errors)?;
    let Expr::Lit(ExprLit { lit: Lit::Str(pattern), .. }) = value else {
        return Ok(Constraint::new(setting, ConstraintValue::Constant(value)));
    };
    if let Some(syntax) = unsupported_regex_syntax(&pattern.value()) {
        let message =
            format!("`{syntax}` is not part of JSON Schema's regular expressions: write the pattern without it");
        return Err(errors.report(&pattern, message));
    }
    match regex_lite::Regex::new(&pattern.value()) {
        Ok(_) => Ok(Constraint::new(setting, ConstraintValue::String(pattern))),
        Err(error) => Err(errors.report(&pattern, format!("`pattern` is not a valid regular expression: {error}"))),
    }
}

fn format(setting: &Setting<ArgKey>, errors: &Errors) -> Result<Constraint, AlreadyReported> {
    let format = value::string(setting, errors)?;
    let name = format.value();
    if FORMATS.contains(&name.as_str()) {
        return Ok(Constraint::new(setting, ConstraintValue::String(format)));
    }
    let hint = did_you_mean(&name, &FORMATS).unwrap_or_else(|| format!("use one of `{}`", FORMATS.join("`, `")));
    Err(errors.report(&format, format!("unknown format `{name}`: {hint}")))
}

fn count(setting: &Setting<ArgKey>, errors: &Errors) -> Result<Constraint, AlreadyReported> {
    let value = value::expr(setting, errors)?;
    let count = match value {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok().map(ConstraintValue::Count),
        value => value::constant(value),
    };
    count.map(|count| Constraint::new(setting, count)).ok_or_else(|| {
        let key = setting.key.name();
        errors.report(value, format!("`{key}` expects a non-negative integer or a constant: `{key} = 1`"))
    })
}

fn number(setting: &Setting<ArgKey>, errors: &Errors) -> Result<Constraint, AlreadyReported> {
    let value = value::expr(setting, errors)?;
    let number = parse_number(value).map(ConstraintValue::Number).or_else(|| value::constant(value));
    number.map(|number| Constraint::new(setting, number)).ok_or_else(|| {
        let key = setting.key.name();
        errors.report(value, format!("`{key}` expects a finite number or a constant: `{key} = 1` or `{key} = -0.5`"))
    })
}

/// Parses a finite number, which may be negative.
pub(crate) fn parse_number(value: &Expr) -> Option<NumberLiteral> {
    match value::ungrouped(value) {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok().map(NumberLiteral::Int),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => {
            float.base10_parse().ok().filter(|float: &f64| float.is_finite()).map(NumberLiteral::Float)
        }
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match parse_number(expr)? {
            NumberLiteral::Int(int) => Some(NumberLiteral::Int(-int)),
            NumberLiteral::Float(float) => Some(NumberLiteral::Float(-float)),
        },
        _ => None,
    }
}
