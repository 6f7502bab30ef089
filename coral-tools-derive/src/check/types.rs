//! Types that a tool cannot have, as far as tokens show. The compiler checks the rest.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ReturnType, Type};

use super::future;
use crate::errors::Errors;
use crate::model::{Param, Tool};

/// A part of a type that is not allowed in a tool.
enum TypeProblem {
    /// A reference, and the type to use instead.
    Reference(String),
    /// A lifetime other than `'static`, by name.
    Lifetime(Ident),
    Impl,
}

pub(super) fn parameters_are_owned(tool: &Tool, errors: &Errors) {
    for param in &tool.params {
        let ty = param.ty();
        let problem = match param {
            Param::Argument(_) => problem(ty.to_token_stream()),
            Param::Context(_) => context_problem(ty),
        };
        if let Some(problem) = problem {
            errors.report(ty, message("a parameter", &problem));
        }
    }
}

pub(super) fn return_type_is_owned(tool: &Tool, errors: &Errors) {
    let ReturnType::Type(_, ty) = &tool.function.sig.output else { return };
    if let Some(output) = future::output(ty) {
        errors.report(ty, future::message(&tool.function.sig.ident, output));
        return;
    }
    match problem(ty.to_token_stream()) {
        Some(TypeProblem::Reference(_)) if has_only_static_references(ty) => {}
        Some(problem) => {
            errors.report(ty, message("the return value", &problem));
        }
        None => {}
    }
}

/// Whether a field of the generated struct can have this type.
pub(crate) fn is_owned(ty: &Type) -> bool {
    problem(ty.to_token_stream()).is_none()
}

fn message(what: &str, problem: &TypeProblem) -> String {
    match problem {
        TypeProblem::Reference(owned) => format!("{what} of a tool must be owned: use {owned}"),
        TypeProblem::Lifetime(name) => format!("{what} of a tool cannot borrow (`'{name}`): use `'static`"),
        TypeProblem::Impl => format!("{what} of a tool cannot be `impl Trait`: use a concrete type"),
    }
}

/// Returns the first problem of a type.
fn problem(tokens: TokenStream) -> Option<TypeProblem> {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => return Some(TypeProblem::Reference(owned(tokens))),
            TokenTree::Punct(punct) if punct.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name != "static" => return Some(TypeProblem::Lifetime(name)),
                _ => {}
            },
            TokenTree::Ident(ident) if ident == "impl" => return Some(TypeProblem::Impl),
            TokenTree::Group(group) => {
                if let Some(problem) = problem(group.stream()) {
                    return Some(problem);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns the first problem of the type of a `#[context]` parameter. It may contain `'static` references, and functions
/// that take references: of references, only one that is the type itself is a problem.
fn context_problem(ty: &Type) -> Option<TypeProblem> {
    let is_borrowed = matches!(ty, Type::Reference(to) if to.lifetime.as_ref().is_none_or(|it| it.ident != "static"));
    let has_own_lifetimes = || ty.to_token_stream().into_iter().any(|token| token.to_string() == "for");
    match problem(ty.to_token_stream()) {
        Some(TypeProblem::Reference(_)) if !is_borrowed => None,
        Some(TypeProblem::Lifetime(_)) if has_own_lifetimes() => None,
        problem => problem,
    }
}

/// Returns the owned type to use instead of a reference.
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

/// Whether every reference in the type is `'static`.
fn has_only_static_references(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.matches('&').count() == text.matches("'static").count()
}
