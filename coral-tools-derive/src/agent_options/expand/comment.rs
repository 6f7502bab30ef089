//! Texts as documentation.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// Text as a doc comment; nothing where there is none.
pub(super) fn doc_comment(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote_spanned!(Span::mixed_site()=> #(#[doc = #lines])*)
}
