//! Code that stands where the user's tokens stand, so that the compiler blames those.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// → `const _: () = check(arguments);` for which the compiler blames `tokens`
pub(crate) fn blamed(tokens: &impl ToTokens, check: &impl ToTokens, arguments: TokenStream) -> TokenStream {
    let call = call(tokens, check, arguments);
    quote_spanned!(Span::mixed_site()=> const _: () = #call;)
}

/// → `path(arguments)`, from the first of `tokens` to the last
pub(super) fn call(tokens: &impl ToTokens, path: &impl ToTokens, arguments: TokenStream) -> TokenStream {
    let (first, last) = ends(tokens);
    let path = located_at(path, first);
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(Span::mixed_site().located_at(last));
    quote_spanned!(Span::mixed_site()=> #path #arguments)
}

/// The same tokens, resolved where they were and blamed at `span`.
pub(super) fn located_at(tokens: &impl ToTokens, span: Span) -> TokenStream {
    let tokens = tokens.to_token_stream().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    tokens.collect()
}

/// Where the first and the last of the tokens stand.
pub(super) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    (first, spans.last().unwrap_or(first))
}
