//! Descriptions for agents, from doc comments and `description = "…"`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::emit::emit;

/// A description in Markdown. It may contain expressions, such as `include_str!(…)`.
#[derive(Default)]
pub(crate) struct Description {
    parts: Vec<DescriptionPart>,
}

enum DescriptionPart {
    Literal(String),
    /// A macro that expands to a literal.
    Expr(Expr),
    /// The whole description.
    Constant(Expr),
}

impl Description {
    /// A string, or a constant expression.
    pub(crate) fn from_expr(text: &Expr) -> Self {
        let part = match text {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => DescriptionPart::Literal(text.value().trim().to_owned()),
            constant => DescriptionPart::Constant(constant.clone()),
        };
        Self { parts: vec![part] }
    }

    /// Joins the values of the `#[doc = …]` attributes, each on its own line.
    pub(crate) fn from_doc_attrs(attrs: &[Attribute]) -> Self {
        let mut parts = Vec::new();
        for value in attrs.iter().filter_map(doc_value) {
            push(&mut parts, value);
        }
        for part in &mut parts {
            if let DescriptionPart::Literal(text) = part {
                *text = unindent(text);
            }
        }
        if let [DescriptionPart::Literal(only)] = &mut parts[..] {
            *only = only.trim().to_owned();
        }
        Self { parts }
    }

    /// Whether it is blank, as far as the macro knows: an expression counts as text.
    pub(crate) fn is_blank(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, DescriptionPart::Literal(text) if text.trim().is_empty()))
    }
}

/// An expression of type `&'static str`.
impl ToTokens for Description {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.parts[..] {
            [] => "".to_tokens(tokens),
            [DescriptionPart::Literal(text)] => text.to_tokens(tokens),
            [DescriptionPart::Constant(text)] => tokens.extend(emit!(__rt::trimmed(#text))),
            parts => {
                let parts = parts.iter().map(|part| match part {
                    DescriptionPart::Literal(text) => text.to_token_stream(),
                    DescriptionPart::Expr(expr) | DescriptionPart::Constant(expr) => expr.to_token_stream(),
                });
                tokens.extend(emit!(__rt::concat!(#(#parts),*).trim_ascii()));
            }
        }
    }
}

fn doc_value(attr: &Attribute) -> Option<&Expr> {
    match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(&meta.value),
        _ => None,
    }
}

/// Adds a line. Joins adjacent literals, so that a description without expressions is one literal.
fn push(parts: &mut Vec<DescriptionPart>, value: &Expr) {
    use DescriptionPart as Part;
    match (parts.last_mut(), literal(value)) {
        (Some(Part::Literal(last)), Some(line)) => {
            last.push('\n');
            last.push_str(&line);
        }
        (Some(Part::Expr(_) | Part::Constant(_)), Some(line)) => parts.push(Part::Literal(format!("\n{line}"))),
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

/// Returns the value of a string literal, even if it is a fragment of `macro_rules!`.
fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(without_stars(&text.value())),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

/// Removes the column of `*` from a `/** … */` comment.
fn without_stars(text: &str) -> String {
    let has_star = |line: &str| line.trim_start().starts_with('*') || line.trim().is_empty();
    if !text.contains('\n') || !text.lines().skip(1).all(has_star) {
        return text.to_owned();
    }
    let without_star = |line: &str| line.trim_start().strip_prefix('*').map_or(String::new(), str::to_owned);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(lines.map(without_star)).collect::<Vec<_>>().join("\n")
}

/// Removes the spaces that all lines start with.
fn unindent(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let common = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<_> = text.split('\n').map(|line| line.get(common..).unwrap_or_default().trim_end()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{unindent, without_stars};

    #[test]
    fn only_a_whole_column_of_stars_is_removed() {
        assert_eq!(without_stars(" Adds.\n * Two\n *\n * numbers.\n "), " Adds.\n Two\n\n numbers.\n");
        assert_eq!(without_stars(" A list:\n * one\n and more"), " A list:\n * one\n and more");
        assert_eq!(without_stars("* one"), "* one");
    }

    #[test]
    fn only_the_spaces_that_all_lines_start_with_are_removed() {
        assert_eq!(unindent("   A list:\n   * one\n\n     more"), "A list:\n* one\n\n  more");
        assert_eq!(unindent("A list:\n  * one"), "A list:\n  * one");
    }
}
