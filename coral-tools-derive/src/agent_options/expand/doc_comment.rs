//! Doc comments.

use proc_macro2::TokenStream;

use super::expansion_input::ExpansionInput;
use crate::agent_options::docs;
use crate::agent_options::input::MacroInput;
use crate::emit::emit;

/// → a doc comment; no tokens for an empty text
pub(super) fn doc_comment(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    emit!(#(#[doc = #lines])*)
}

/// → the user's attributes, and the documentation of the registry agent if the user wrote none
pub(super) fn attrs_and_docs(expansion_input: &ExpansionInput<'_>) -> TokenStream {
    let ExpansionInput { input: MacroInput { item, .. }, agent, .. } = expansion_input;
    let is_documented = item.attrs.iter().any(|attr| attr.path().is_ident("doc"));
    let struct_docs =
        (!is_documented).then(|| docs::struct_docs(&agent.name, &agent.version, agent.description.as_deref()));
    let unsupported_options = docs::unsupported_options(&agent.unsupported_options);
    let text: Vec<_> = struct_docs.into_iter().chain(unsupported_options).collect();
    let attrs = &item.attrs;
    let docs = doc_comment(&text.concat());
    emit!(#(#attrs)* #docs)
}
