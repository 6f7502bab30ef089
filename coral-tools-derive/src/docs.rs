//! Doc comments as text for a model to read.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

/// A text that may hold expressions, such as `include_str!(…)`.
#[derive(Default)]
pub(crate) struct Text {
    parts: Vec<Part>,
}

enum Part {
    Literal(String),
    Expr(Expr),
}

impl Text {
    pub(crate) fn literal(text: &LitStr) -> Self {
        Self { parts: vec![Part::Literal(text.value().trim().to_owned())] }
    }

    /// Whether it is known to say nothing.
    pub(crate) fn is_blank(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Literal(text) if text.trim().is_empty()))
    }

    /// The text as an expression of type `&'static str`.
    pub(crate) fn tokens(&self, rt: &Ident) -> TokenStream {
        match &self.parts[..] {
            [] => "".to_token_stream(),
            [Part::Literal(text)] => text.to_token_stream(),
            parts => {
                let parts = parts.iter().map(|part| match part {
                    Part::Literal(text) => text.to_token_stream(),
                    Part::Expr(expr) => expr.to_token_stream(),
                });
                quote::quote!(#rt::concat!(#(#parts),*).trim_ascii())
            }
        }
    }
}

/// The text of the `#[doc = …]` among `attrs`, each on a line of its own.
pub(crate) fn text(attrs: &[Attribute]) -> Text {
    let mut parts = Vec::new();
    for value in attrs.iter().filter_map(doc) {
        push(&mut parts, value);
    }
    for part in &mut parts {
        if let Part::Literal(text) = part {
            *text = unindent(text);
        }
    }
    if let [Part::Literal(only)] = &mut parts[..] {
        *only = only.trim().to_owned();
    }
    Text { parts }
}

fn doc(attr: &Attribute) -> Option<&Expr> {
    match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(&meta.value),
        _ => None,
    }
}

/// Joins neighbouring literals, so that text without expressions is one literal.
fn push(parts: &mut Vec<Part>, value: &Expr) {
    match (parts.last_mut(), literal(value)) {
        (Some(Part::Literal(last)), Some(line)) => {
            last.push('\n');
            last.push_str(&line);
        }
        (Some(Part::Expr(_)), Some(line)) => parts.push(Part::Literal(format!("\n{line}"))),
        (None, Some(line)) => parts.push(Part::Literal(line)),
        (last, None) => {
            if let Some(Part::Literal(text)) = last {
                text.push('\n');
            } else if last.is_some() {
                parts.push(Part::Literal("\n".to_owned()));
            }
            parts.push(Part::Expr(value.clone()));
        }
    }
}

/// The text of a literal, also of one that came through a `macro_rules!` fragment.
fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(without_stars(&text.value())),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

/// Takes the column of `*` from a `/** … */` comment.
fn without_stars(text: &str) -> String {
    let is_starred = |line: &str| line.trim_start().starts_with('*') || line.trim().is_empty();
    if !text.contains('\n') || !text.lines().skip(1).all(is_starred) {
        return text.to_owned();
    }
    let bare = |line: &str| line.trim_start().strip_prefix('*').map_or(String::new(), str::to_owned);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(lines.map(bare)).collect::<Vec<_>>().join("\n")
}

/// Takes the spaces that all lines start with.
fn unindent(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let least = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<_> = text.split('\n').map(|line| line.get(least..).unwrap_or_default().trim_end()).collect();
    lines.join("\n")
}
