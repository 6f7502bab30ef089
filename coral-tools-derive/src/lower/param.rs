//! One parameter of the function.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, Meta, Pat, PatType};

use super::{limit, named, value};
use crate::args::{self, Setting};
use crate::docs;
use crate::errors::Errors;
use crate::item;
use crate::model::{Argument, Default, Name, Param};

/// `None` for `self`, which [`check`](crate::check) refuses.
pub(super) fn lower(param: &FnArg, attrs: &[Attribute], errors: &Errors) -> Option<Param> {
    let FnArg::Typed(param) = param else { return None };
    misplaced(attrs, &param.attrs, errors);
    let is_context = contexts(attrs, errors);
    let settings = settings(attrs, errors);
    if is_context {
        if let Some(arg) = named(attrs, "arg").next() {
            errors.at(
                arg,
                "`#[arg]` is for what the agent gives, and `#[context]` hides this parameter from it; keep one",
            );
        }
        return Some(Param::Context(param.ty.clone()));
    }
    let ident = ident(param, errors)?;
    Some(Param::Argument(Box::new(argument(ident, param, attrs, &settings, errors))))
}

/// Attributes of ours that are spelled wrongly, and attributes of others that no parameter of a tool can have.
fn misplaced(ours: &[Attribute], others: &[Attribute], errors: &Errors) {
    for (attr, meant) in ours.iter().filter_map(|attr| Some((attr, item::misspelled(attr)?))) {
        errors.at(attr.path(), format!("no attribute of this name is known here; did you mean `{meant}`?"));
    }
    for attr in ["cfg", "cfg_attr"].iter().flat_map(|name| named(others, name)) {
        errors.at(
            attr,
            "every build must tell agents the same: write two versions of the whole function, each with its `#[cfg]`",
        );
    }
}

fn contexts(attrs: &[Attribute], errors: &Errors) -> bool {
    let mut contexts = named(attrs, "context");
    let Some(first) = contexts.next() else { return attrs.iter().any(is_meant_as_context) };
    if !matches!(first.meta, Meta::Path(_)) {
        errors.at(&first.meta, "`#[context]` takes nothing: write it alone");
    }
    for again in contexts {
        errors.at(again, "`#[context]` is given twice; keep one");
    }
    true
}

/// A misspelled marker counts, so that it is one mistake.
fn is_meant_as_context(attr: &Attribute) -> bool {
    item::misspelled(attr) == Some("#[context]")
}

/// The settings of all `#[arg(…)]`, as if they stood in one.
fn settings(attrs: &[Attribute], errors: &Errors) -> Vec<Setting> {
    let mut tokens = TokenStream::new();
    for attr in named(attrs, "arg") {
        match &attr.meta {
            Meta::List(list) => {
                tokens.extend(list.tokens.clone());
                tokens.extend(quote::quote!(,));
            }
            other => errors.at(other, "say what holds of this argument: `#[arg(minimum = 1)]`, `#[arg(default)]`"),
        }
    }
    args::read(tokens, &args::ARG, errors)
}

/// The name of a parameter that the agent gives: `x` or `mut x`.
fn ident(param: &PatType, errors: &Errors) -> Option<Ident> {
    match &*param.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Some(pat.ident.clone()),
        Pat::Wild(_) => {
            errors.at(
                &param.pat,
                "agents give arguments by name: write one, such as `_unused`, or mark the parameter `#[context]`",
            );
            None
        }
        other => {
            errors.at(other, "agents give arguments by name: write a plain one and take it apart in the body, or mark the parameter `#[context]`");
            None
        }
    }
}

fn argument(ident: Ident, param: &PatType, attrs: &[Attribute], settings: &[Setting], errors: &Errors) -> Argument {
    let mut argument = Argument {
        name: Name { text: ident.unraw().to_string(), span: ident.span() },
        ident,
        ty: (*param.ty).clone(),
        docs: named(attrs, "doc").cloned().collect(),
        description: docs::text(attrs),
        flatten: None,
        default: None,
        example: None,
        limits: Vec::new(),
    };
    for setting in settings {
        // A value that cannot be read has been reported, and leaves the argument as it is.
        let _ = apply(&mut argument, setting, errors);
    }
    argument
}

fn apply(argument: &mut Argument, setting: &Setting, errors: &Errors) -> Option<()> {
    match setting.key.unraw().to_string().as_str() {
        "rename" => {
            let name = value::text(setting, errors)?;
            argument.name = Name { text: name.value(), span: name.span() };
        }
        "flatten" => argument.flatten = value::flag(setting, errors)?.then(|| setting.key.span()),
        "default" => argument.default = Some(setting.value.clone().map_or(Default::OfType, Default::Expr)),
        "example" => argument.example = Some(value::expr(setting, errors)?.clone()),
        _ => argument.limits.extend(limit::lower(setting, errors)?),
    }
    Some(())
}
