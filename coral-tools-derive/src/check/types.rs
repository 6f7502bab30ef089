//! What a parameter or a return value may be, as far as tokens tell. The rest is asked of the compiler.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ReturnType, Type};

use crate::errors::Errors;
use crate::model::{Param, Tool};

pub(super) fn parameters_are_owned(tool: &Tool, errors: &Errors) {
    for param in &tool.params {
        let ty = param.ty();
        let fault = match param {
            Param::Argument(_) => fault(ty.to_token_stream()),
            Param::Context(_) => context_fault(ty),
        };
        match fault {
            Some(Fault::Reference(owned)) => {
                errors.at(ty, format!("a tool owns what it is given, for as long as it runs: write {owned}"));
            }
            Some(Fault::Lifetime(name)) => errors.at(ty, lifetime(&name)),
            Some(Fault::Impl) => errors.at(ty, "agents are told about one type: name it instead of `impl …`"),
            None => {}
        }
    }
}

pub(super) fn return_type_is_owned(tool: &Tool, errors: &Errors) {
    let ReturnType::Type(_, ty) = &tool.item.sig.output else { return };
    match fault(ty.to_token_stream()) {
        Some(Fault::Reference(owned)) if !is_static(ty) => {
            errors.at(ty, format!("a tool gives away what it returns: write {owned}"));
        }
        Some(Fault::Lifetime(name)) => errors.at(ty, lifetime(&name)),
        Some(Fault::Impl) => errors.at(ty, "agents are told about one type: name it instead of `impl …`"),
        _ => {}
    }
}

/// Whether the type can be the field of a struct as it is.
pub(crate) fn is_plain(ty: &Type) -> bool {
    fault(ty.to_token_stream()).is_none()
}

enum Fault {
    /// A reference, and what to write instead.
    Reference(String),
    /// A lifetime other than `'static`, by name.
    Lifetime(Ident),
    Impl,
}

fn lifetime(name: &Ident) -> String {
    format!("a tool has nothing to borrow from, so nothing in its types lives as long as `'{name}`: write `'static`")
}

/// The first thing in a type that no tool can have.
fn fault(tokens: TokenStream) -> Option<Fault> {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => return Some(Fault::Reference(owned(tokens))),
            TokenTree::Punct(punct) if punct.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name != "static" => return Some(Fault::Lifetime(name)),
                _ => {}
            },
            TokenTree::Ident(ident) if ident == "impl" => return Some(Fault::Impl),
            TokenTree::Group(group) => {
                if let Some(fault) = fault(group.stream()) {
                    return Some(fault);
                }
            }
            _ => {}
        }
    }
    None
}

/// The same of a type that is made from a call. It may hold references to what is always there, and functions that take
/// any: only a reference that is the type itself is known to be wrong.
fn context_fault(ty: &Type) -> Option<Fault> {
    let is_borrowed = matches!(ty, Type::Reference(to) if to.lifetime.as_ref().is_none_or(|it| it.ident != "static"));
    let has_lifetimes_of_its_own = || ty.to_token_stream().into_iter().any(|token| token.to_string() == "for");
    match fault(ty.to_token_stream()) {
        Some(Fault::Reference(_)) if !is_borrowed => None,
        Some(Fault::Lifetime(_)) if has_lifetimes_of_its_own() => None,
        fault => fault,
    }
}

/// What to write for a reference to this.
fn owned(mut referent: impl Iterator<Item = TokenTree>) -> String {
    match referent.find(|token| !is_lifetime_or_mut(token)) {
        Some(TokenTree::Ident(ident)) if ident == "str" => "`String`".to_owned(),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            format!("`Vec<{}>`", group.stream())
        }
        _ => "the type without `&`".to_owned(),
    }
}

fn is_lifetime_or_mut(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == '\'',
        TokenTree::Ident(ident) => ident == "mut" || ident == "static" || ident.to_string().len() == 1,
        _ => false,
    }
}

/// Whether every reference in the type is to something that is always there.
fn is_static(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.matches('&').count() == text.matches("'static").count()
}
