//! The values of settings, by type.

use std::time::Duration;

use quote::ToTokens;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Path};

use crate::errors::{AlreadyReported, Errors};
use crate::model::ConstraintValue;
use crate::settings::{Key, Setting, SettingValue};

/// The durations that a key accepts.
pub(super) struct DurationRange {
    /// The units that the message lists.
    units: &'static str,
    max: Duration,
    /// The end of the message about a longer one.
    max_message: &'static str,
}

pub(super) const TIMEOUT: DurationRange = DurationRange {
    units: "`ms`, `s` or `m`",
    max: Duration::from_secs(10 * 60),
    max_message: "10 minutes, because platforms do not wait longer: `timeout = \"10m\"`",
};

pub(super) const ONCE: DurationRange = DurationRange {
    units: "`s`, `m` or `h`",
    max: Duration::from_secs(24 * 60 * 60),
    max_message: "24 hours: `once = \"24h\"`",
};

pub(crate) fn expr<'a>(setting: &'a Setting<impl Key>, errors: &Errors) -> Result<&'a Expr, AlreadyReported> {
    match &setting.value {
        SettingValue::Expr(value) => Ok(ungrouped(value)),
        SettingValue::Absent | SettingValue::Missing | SettingValue::List(_) => {
            let (key, example) = (setting.key.name(), setting.key.example());
            Err(errors.report(&setting.ident, format!("`{key}` expects a value: `{example}`")))
        }
    }
}

pub(super) fn string(setting: &Setting<impl Key>, errors: &Errors) -> Result<LitStr, AlreadyReported> {
    let value = expr(setting, errors)?;
    if let Some(Lit::Str(text)) = literal(value) {
        return Ok(text.clone());
    }
    let key = setting.key.name();
    Err(errors.report(value, format!("`{key}` expects a string: `{key} = \"…\"`")))
}

/// A string, or a constant expression, such as the name of a constant or `concat!(…)`.
pub(super) fn text(setting: &Setting<impl Key>, errors: &Errors) -> Result<Expr, AlreadyReported> {
    let value = expr(setting, errors)?;
    match literal(value) {
        Some(Lit::Str(_)) | None => Ok(value.clone()),
        Some(_) => {
            let key = setting.key.name();
            Err(errors.report(value, format!("`{key}` expects a string or a constant: `{}`", setting.key.example())))
        }
    }
}

/// Returns the value if it may be a constant expression: it is not a literal, as far as tokens show.
pub(super) fn constant(value: &Expr) -> Option<ConstraintValue> {
    match value {
        Expr::Lit(_) | Expr::Array(_) | Expr::Tuple(_) | Expr::Range(_) | Expr::Closure(_) => None,
        Expr::Unary(unary) => constant(ungrouped(&unary.expr)).map(|_| ConstraintValue::Constant(value.clone())),
        value => Some(ConstraintValue::Constant(value.clone())),
    }
}

/// `key`, `key = true` or `key = false`.
pub(super) fn flag(setting: &Setting<impl Key>, errors: &Errors) -> Result<bool, AlreadyReported> {
    let tokens = match &setting.value {
        SettingValue::Absent => return Ok(true),
        SettingValue::Missing | SettingValue::List(_) => setting.ident.to_token_stream(),
        SettingValue::Expr(value) => match literal(ungrouped(value)) {
            Some(Lit::Bool(flag)) => return Ok(flag.value),
            _ => value.to_token_stream(),
        },
    };
    let key = setting.key.name();
    Err(errors.report(tokens, format!("`{key}` expects a boolean: `{key}` or `{key} = false`")))
}

pub(crate) fn path(setting: &Setting<impl Key>, errors: &Errors) -> Result<Path, AlreadyReported> {
    match expr(setting, errors)? {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path.clone()),
        other => {
            let key = setting.key.name();
            Err(errors.report(other, format!("`{key}` expects a path: `{key} = my_crate::coral_tools`")))
        }
    }
}

pub(super) fn ident(setting: &Setting<impl Key>, errors: &Errors) -> Result<Ident, AlreadyReported> {
    name(setting, "the name of the struct to generate", "SubmitReport", errors)
}

pub(crate) fn function_name(setting: &Setting<impl Key>, errors: &Errors) -> Result<Ident, AlreadyReported> {
    name(setting, "the name of the function to generate", "admin_tools", errors)
}

fn name(setting: &Setting<impl Key>, what: &str, example: &str, errors: &Errors) -> Result<Ident, AlreadyReported> {
    let value = expr(setting, errors)?;
    let ident = match value {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    };
    ident.cloned().ok_or_else(|| {
        let key = setting.key.name();
        errors.report(value, format!("`{key}` expects {what}: `{key} = {example}`"))
    })
}

pub(super) fn duration(
    setting: &Setting<impl Key>,
    range: &DurationRange,
    errors: &Errors,
) -> Result<Duration, AlreadyReported> {
    let DurationRange { units, max, max_message } = range;
    let value = expr(setting, errors)?;
    let duration = match literal(value) {
        Some(Lit::Str(text)) => parse_duration(&text.value()),
        _ => None,
    };
    let (key, example) = (setting.key.name(), setting.key.example());
    let message = match duration {
        None => format!("`{key}` expects a duration in {units}: `{example}`"),
        Some(Duration::ZERO) => format!("`{key}` must be greater than zero: `{example}`"),
        Some(duration) if duration > *max => format!("`{key}` must be at most {max_message}"),
        Some(duration) => return Ok(duration),
    };
    Err(errors.report(value, message))
}

/// Parses `500ms`, `5s`, `2m` or `1h`.
fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
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

/// Returns the expression inside the invisible groups of `macro_rules!` fragments.
pub(crate) fn ungrouped(mut value: &Expr) -> &Expr {
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    value
}
