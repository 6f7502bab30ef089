//! The values of settings, each of the kind its key takes.

use std::time::Duration;

use syn::ext::IdentExt;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path};

use crate::args::Setting;
use crate::errors::Errors;

/// The longest a tool may take; what waits for it seldom waits longer.
const LONGEST: Duration = Duration::from_secs(600);

pub(super) fn expr<'a>(setting: &'a Setting, errors: &Errors) -> Option<&'a Expr> {
    let key = setting.key.unraw();
    if setting.value.is_none() {
        errors.at(&setting.key, format!("`{key}` takes a value: `{key} = …`"));
    }
    setting.value.as_ref().map(ungrouped)
}

pub(super) fn text(setting: &Setting, errors: &Errors) -> Option<LitStr> {
    let value = expr(setting, errors)?;
    if let Some(Lit::Str(text)) = literal(value) {
        return Some(text.clone());
    }
    let key = setting.key.unraw();
    errors.at(value, format!("`{key}` takes a text: `{key} = \"…\"`"));
    None
}

/// `key`, `key = true` or `key = false`.
pub(super) fn flag(setting: &Setting, errors: &Errors) -> Option<bool> {
    let Some(value) = setting.value.as_ref().map(ungrouped) else { return Some(true) };
    if let Some(Lit::Bool(yes)) = literal(value) {
        return Some(yes.value);
    }
    let key = setting.key.unraw();
    errors.at(value, format!("`{key}` is on or off: `{key}` or `{key} = false`"));
    None
}

pub(super) fn path(setting: &Setting, errors: &Errors) -> Option<Path> {
    match expr(setting, errors)? {
        Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
        other => {
            let key = setting.key.unraw();
            errors.at(other, format!("`{key}` takes a path: `{key} = my_crate::coral_tools`"));
            None
        }
    }
}

pub(super) fn ident(setting: &Setting, errors: &Errors) -> Option<Ident> {
    let value = expr(setting, errors)?;
    let ident = match value {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    };
    if ident.is_none() {
        let key = setting.key.unraw();
        errors.at(value, format!("`{key}` takes the name of a type to make: `{key} = SubmitReport`"));
    }
    ident.cloned()
}

pub(super) fn duration(setting: &Setting, errors: &Errors) -> Option<Duration> {
    let value = expr(setting, errors)?;
    let written = match literal(value) {
        Some(Lit::Str(text)) => parse(&text.value()),
        _ => None,
    };
    let problem = match written {
        None => "expected a duration such as \"500ms\", \"5s\" or \"2m\"",
        Some(Duration::ZERO) => "no tool can be done in no time; give it more than zero",
        Some(duration) if duration > LONGEST => "expected at most \"10m\": no platform waits longer",
        Some(duration) => return Some(duration),
    };
    errors.at(value, problem);
    None
}

/// `500ms`, `5s` or `2m`.
fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    Some(Duration::from_millis(number.parse::<u64>().ok()?.checked_mul(milliseconds)?))
}

fn literal(value: &Expr) -> Option<&Lit> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        _ => None,
    }
}

/// The expression itself, where it came through a `macro_rules!` fragment.
pub(super) fn ungrouped(mut value: &Expr) -> &Expr {
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    value
}
