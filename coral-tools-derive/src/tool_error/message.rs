//! The message that the keys of `#[tool_error(…)]` select.

use quote::ToTokens;
use syn::{Expr, ExprLit, Fields, Lit, Member, Type};

use super::placeholder;
use crate::errors::{AlreadyReported, Errors};
use crate::lower::value;
use crate::settings::{ErrorKey, Key, Setting, SettingValue};

/// The message that agents read.
#[derive(Clone)]
pub(super) enum AgentMessage {
    Display,
    Fixed(Expr),
    Internal,
    UnknownSession,
    /// The message of the error in this field.
    Transparent(Member, Box<Type>),
}

/// The position of an attribute, which decides about the keys that are allowed.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    Enum,
    Struct(&'a Fields),
    Variant(&'a Fields),
}

/// Returns the message that the keys select; `None` if there is no such key, or it has an error.
pub(super) fn message(settings: &[Setting<ErrorKey>], target: Target<'_>, errors: &Errors) -> Option<AgentMessage> {
    let mut selected: Option<&Setting<ErrorKey>> = None;
    let mut message = None;
    for setting in settings {
        if setting.key == ErrorKey::Crate {
            reject_crate(setting, target, errors);
        } else if let Some(first) = selected {
            let (first, second) = (first.key.name(), setting.key.name());
            errors.report(&setting.ident, format!("`{first}` and `{second}` exclude each other: keep one"));
        } else {
            selected = Some(setting);
            message = selected_message(setting, target, errors).ok();
        }
    }
    message
}

fn reject_crate(setting: &Setting<ErrorKey>, target: Target<'_>, errors: &Errors) {
    if let Target::Variant(_) = target {
        errors.report(&setting.ident, "`crate` belongs to the whole type: move it before the enum");
    }
}

fn selected_message(
    setting: &Setting<ErrorKey>,
    target: Target<'_>,
    errors: &Errors,
) -> Result<AgentMessage, AlreadyReported> {
    if setting.key == ErrorKey::Message {
        return fixed(setting, target, errors);
    }
    let key = setting.key.name();
    let value = match &setting.value {
        SettingValue::Absent => None,
        SettingValue::Missing => Some(setting.ident.to_token_stream()),
        SettingValue::Expr(value) => Some(value.to_token_stream()),
        SettingValue::List(list) => Some(list.to_token_stream()),
    };
    if let Some(value) = value {
        return Err(errors.report(value, format!("`{key}` takes no value: write `#[tool_error({key})]`")));
    }
    match setting.key {
        ErrorKey::Display => Ok(AgentMessage::Display),
        ErrorKey::UnknownSession => Ok(AgentMessage::UnknownSession),
        ErrorKey::Transparent => transparent(setting, target, errors),
        ErrorKey::Internal | ErrorKey::Message | ErrorKey::Crate => Ok(AgentMessage::Internal),
    }
}

/// `message = "…"`, or an expression of type `&'static str`, whose type the compiler checks.
fn fixed(setting: &Setting<ErrorKey>, target: Target<'_>, errors: &Errors) -> Result<AgentMessage, AlreadyReported> {
    let expr = value::expr(setting, errors)?;
    let text = match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text,
        Expr::Lit(_) => return Err(errors.report(expr, "`message` expects a string: `message = \"…\"`")),
        _ => return Ok(AgentMessage::Fixed(expr.clone())),
    };
    if text.value().trim().is_empty() {
        return Err(errors.report(text, "`message` is empty: write what went wrong and what the agent can do instead"));
    }
    let fields = match target {
        Target::Enum => None,
        Target::Struct(fields) | Target::Variant(fields) => Some(fields),
    };
    if let Some(name) = fields.and_then(|fields| placeholder::find(&text.value(), fields)) {
        return Err(errors.report(
            text,
            format!(
                "agents read `message` as it is, so `{{{name}}}` is not replaced: use `#[tool_error(display)]`, and the \
                 agent reads the error's own `Display`"
            ),
        ));
    }
    Ok(AgentMessage::Fixed(expr.clone()))
}

fn transparent(
    setting: &Setting<ErrorKey>,
    target: Target<'_>,
    errors: &Errors,
) -> Result<AgentMessage, AlreadyReported> {
    let fields = match target {
        Target::Struct(fields) | Target::Variant(fields) => fields,
        Target::Enum => {
            let message = "`transparent` cannot be the default of an enum: write it before each variant that contains \
                           another error";
            return Err(errors.report(&setting.ident, message));
        }
    };
    match (fields.members().next(), fields.iter().next(), fields.len()) {
        (Some(member), Some(field), 1) => Ok(AgentMessage::Transparent(member, Box::new(field.ty.clone()))),
        _ => Err(errors.report(
            &setting.ident,
            "`transparent` requires exactly one field, which is the error that the agent reads: use `display` or \
             `message = \"…\"`",
        )),
    }
}
