//! `emit!`: generated code, and its positions.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// `quote!` with hygiene: local names of the generated code neither see nor shadow the user's. Paths still resolve at the
/// user's item.
macro_rules! emit {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

pub(crate) use emit;

/// Moves tokens to `span`. Their names resolve as before.
pub(crate) fn located_at(tokens: &impl ToTokens, span: Span) -> TokenStream {
    let tokens = tokens.to_token_stream().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    tokens.collect()
}
