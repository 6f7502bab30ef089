//! Generated code with the positions of the user's tokens, so that the compiler reports errors there.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::ToTokens;

use crate::emit::{emit, located_at};

/// → `const _: () = check(arguments);`, which the compiler reports at `tokens`
pub(crate) fn const_check(tokens: &impl ToTokens, check: &impl ToTokens, arguments: TokenStream) -> TokenStream {
    let call = call(tokens, check, arguments);
    emit!(const _: () = #call;)
}

/// → `path(arguments)`, positioned from the first of `tokens` to the last
pub(crate) fn call(tokens: &impl ToTokens, path: &impl ToTokens, arguments: TokenStream) -> TokenStream {
    let (first, last) = ends(tokens);
    let path = located_at(path, first);
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(Span::mixed_site().located_at(last));
    emit!(#path #arguments)
}

/// → `(value) as f64`, positioned at the value
pub(super) fn cast_to_f64(value: &impl ToTokens) -> TokenStream {
    let (first, last) = ends(value);
    let mut grouped = Group::new(Delimiter::Parenthesis, value.to_token_stream());
    grouped.set_span(Span::mixed_site().located_at(first));
    let cast = located_at(&emit!(as __rt::primitive::f64), last);
    emit!(#grouped #cast)
}

/// Returns the spans of the first and the last of the tokens.
pub(crate) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    (first, spans.last().unwrap_or(first))
}
