//! A parameter of the function.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, Meta, Pat, PatType};

use super::rename_rule::RenameRule;
use super::{constraint, derive_attribute, value, with_name};
use crate::description::Description;
use crate::errors::{AlreadyReported, Errors};
use crate::function;
use crate::model::{Argument, DefaultValue, Param, SpannedName};
use crate::settings::{self, ArgKey, Setting, SettingValue};

/// Returns `None` for `self`, which [`check`](crate::check) rejects, and for a parameter with an error.
pub(super) fn lower(
    param: &FnArg,
    attrs: &[Attribute],
    rename_all: Option<&RenameRule>,
    errors: &Errors,
) -> Option<Param> {
    let FnArg::Typed(param) = param else { return None };
    reject_attributes(attrs, &param.attrs, errors);
    let is_context = has_context(attrs, errors);
    let settings = settings(attrs, errors);
    if is_context {
        if let Some(arg) = with_name(attrs, "arg").next() {
            errors.report(
                arg,
                "`#[arg]` is for arguments that the agent sends, `#[context]` for values that the application provides: \
                 keep one",
            );
        }
        return Some(Param::Context(param.ty.clone()));
    }
    let ident = ident(param, errors).ok()?;
    let mut argument = argument(ident, param, attrs, &settings, errors);
    if let Some(rule) = rename_all
        && !settings.iter().any(|setting| matches!(setting.key, ArgKey::Rename | ArgKey::Flatten))
        && let Ok(name) = rule.apply(&argument.ident, errors)
    {
        argument.name = name;
    }
    Some(Param::Argument(Box::new(argument)))
}

/// Rejects misspelled attributes of the macro, and attributes of Rust that a tool cannot support.
fn reject_attributes(macro_attrs: &[Attribute], other_attrs: &[Attribute], errors: &Errors) {
    for attr in macro_attrs {
        if let Some(intended) = function::misspelled(attr) {
            errors.report(attr.path(), format!("unknown attribute: did you mean `{intended}`?"));
        }
    }
    derive_attribute::reject(macro_attrs, errors);
    for name in ["cfg", "cfg_attr"] {
        for attr in with_name(other_attrs, name) {
            errors.report(
                attr,
                format!(
                    "`#[{name}]` is not supported on a parameter of a tool, because agents receive one schema: write two \
                     functions, each with its own `#[cfg]`"
                ),
            );
        }
    }
}

fn has_context(attrs: &[Attribute], errors: &Errors) -> bool {
    let mut contexts = with_name(attrs, "context");
    let Some(first) = contexts.next() else { return attrs.iter().any(is_misspelled_context) };
    if !matches!(first.meta, Meta::Path(_)) {
        errors.report(&first.meta, "`#[context]` takes no keys: write `#[context]`");
    }
    for repeated in contexts {
        errors.report(repeated, "`#[context]` is repeated: keep one");
    }
    true
}

/// A misspelled `#[context]` counts as one, so that it is a single error.
fn is_misspelled_context(attr: &Attribute) -> bool {
    function::misspelled(attr) == Some("#[context]")
}

/// Parses all `#[arg(…)]` of a parameter as if they were one.
fn settings(attrs: &[Attribute], errors: &Errors) -> Vec<Setting<ArgKey>> {
    let mut tokens = TokenStream::new();
    for attr in with_name(attrs, "arg") {
        match &attr.meta {
            Meta::List(list) => {
                tokens.extend(list.tokens.clone());
                tokens.extend(quote::quote!(,));
            }
            other => {
                errors.report(other, "`#[arg]` expects keys: `#[arg(default)]` or `#[arg(minimum = 1)]`");
            }
        }
    }
    settings::parse(tokens, errors)
}

/// Returns the name of an argument: `x` or `mut x`.
fn ident(param: &PatType, errors: &Errors) -> Result<Ident, AlreadyReported> {
    match &*param.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Ok(pat.ident.clone()),
        Pat::Wild(_) => Err(errors.report(
            &param.pat,
            "an argument must have a name: write one, such as `_unused`, or mark the parameter `#[context]`",
        )),
        other => Err(errors.report(
            other,
            "an argument must have a name: write one and destructure it in the body, or mark the parameter `#[context]`",
        )),
    }
}

fn argument(
    ident: Ident,
    param: &PatType,
    attrs: &[Attribute],
    settings: &[Setting<ArgKey>],
    errors: &Errors,
) -> Argument {
    let mut argument = Argument {
        name: SpannedName { text: ident.unraw().to_string(), span: ident.span() },
        ident,
        ty: (*param.ty).clone(),
        docs: with_name(attrs, "doc").cloned().collect(),
        description: Description::from_doc_attrs(attrs),
        flatten: None,
        default: None,
        example: None,
        constraints: Vec::new(),
    };
    for setting in settings {
        // An invalid value does not stop the macro, so that all errors are reported at once.
        let _ = apply(&mut argument, setting, errors);
    }
    argument
}

fn apply(argument: &mut Argument, setting: &Setting<ArgKey>, errors: &Errors) -> Result<(), AlreadyReported> {
    match setting.key {
        ArgKey::Rename => {
            let name = value::string(setting, errors)?;
            argument.name = SpannedName { text: name.value(), span: name.span() };
        }
        ArgKey::Flatten => argument.flatten = value::flag(setting, errors)?.then(|| setting.ident.span()),
        ArgKey::Default => {
            argument.default = Some(match setting.value {
                SettingValue::Absent => DefaultValue::OfType,
                _ => DefaultValue::Expr(value::expr(setting, errors)?.clone()),
            });
        }
        ArgKey::Example => argument.example = Some(value::expr(setting, errors)?.clone()),
        _ => argument.constraints.extend(constraint::lower(setting, errors)?),
    }
    Ok(())
}
