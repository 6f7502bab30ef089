//! Texts as documentation.

use super::parts::Parts;
use crate::agent_options::texts;
use crate::agent_options::written::Written;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// Text as a doc comment; nothing where there is none.
pub(super) fn doc_comment(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote_spanned!(Span::mixed_site()=> #(#[doc = #lines])*)
}

/// The user's attributes, and the documentation of the registry agent if the user wrote none.
pub(super) fn docs(parts: &Parts<'_>) -> TokenStream {
    let Parts { written: Written { item, .. }, entry, .. } = parts;
    let is_documented = item.attrs.iter().any(|attr| attr.path().is_ident("doc"));
    let own = (!is_documented).then(|| texts::of_entry(&entry.name, &entry.version, entry.description.as_deref()));
    let docs: Vec<_> = own.into_iter().chain(texts::left_out(&entry.left_out)).collect();
    let attrs = &item.attrs;
    let tail = doc_comment(&docs.concat());
    quote_spanned!(Span::mixed_site()=> #(#attrs)* #tail)
}
