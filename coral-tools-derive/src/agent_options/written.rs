//! The attribute and the struct, as written.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Fields, ItemStruct, LitStr, Meta, Token};

use crate::errors::Errors;

/// What the macro implements itself.
const IMPLEMENTED: [&str; 4] = ["Debug", "Clone", "PartialEq", "Default"];

const PLACE: &str = "`#[agent_options]` goes on a struct without fields: `struct Name;`";

pub(super) struct Written {
    pub(super) item: ItemStruct,
    /// The document, relative to the package; `None` where that has been reported.
    pub(super) path: Option<LitStr>,
    /// The path of the runtime crate.
    pub(super) krate: TokenStream,
}

impl Written {
    /// Whether the user derives what the macro implements.
    pub(super) fn derives(&self, name: &str) -> bool {
        self.item.attrs.iter().flat_map(derived).any(|ident| ident == name)
    }
}

/// Reads both, or reports why the item is no struct.
pub(super) fn read(args: TokenStream, item: &TokenStream, errors: &Errors) -> Option<Written> {
    let (path, krate) = arguments(args, errors);
    let item = structure(item, errors)?;
    Some(Written { item, path, krate: krate.unwrap_or_else(crate::lower::crate_path) })
}

fn arguments(args: TokenStream, errors: &Errors) -> (Option<LitStr>, Option<TokenStream>) {
    const EXPECTED: &str = "expected the saved entry, relative to the folder of Cargo.toml, as in `#[agent_options(\"registry/agent.json\")]`";
    if args.is_empty() {
        errors.at_span(Span::call_site(), EXPECTED);
        return (None, None);
    }
    let all = args.clone();
    let parser = |input: ParseStream<'_>| {
        let path: LitStr = input.parse().map_err(|_| syn::Error::new_spanned(&all, EXPECTED))?;
        let mut krate = None;
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            krate = Some(krate_path(input)?);
        }
        Ok((path, krate))
    };
    match errors.keep(parser.parse2(args)) {
        Some((path, krate)) => (Some(path), krate),
        None => (None, None),
    }
}

/// `crate = path`
fn krate_path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    if !input.peek(Token![crate]) {
        return Err(
            input.error("`#[agent_options]` takes the saved entry and, where it cannot be found, `crate = path`")
        );
    }
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    let path = input.call(syn::Path::parse_mod_style)?;
    input.parse::<Option<Token![,]>>()?;
    Ok(path.to_token_stream())
}

fn structure(tokens: &TokenStream, errors: &Errors) -> Option<ItemStruct> {
    let item: ItemStruct = match syn::parse2(tokens.clone()) {
        Ok(item) => item,
        Err(error) => {
            match other_item(tokens) {
                Some(keyword) => errors.at(keyword, PLACE),
                None => errors.push(error),
            }
            return None;
        }
    };
    if !matches!(item.fields, Fields::Unit) && !item.fields.is_empty() {
        errors.at(&item.fields, "the fields are those of the saved entry; write `;` in their place");
    }
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "the options of an agent have no generics; remove them");
    }
    for attr in &item.attrs {
        derives_once(attr, errors);
    }
    Some(item)
}

fn derives_once(attr: &Attribute, errors: &Errors) {
    for ident in derived(attr).filter(|ident| IMPLEMENTED.iter().any(|name| ident == name)) {
        errors.at(&ident, format!("`#[agent_options]` implements `{ident}` where it can be; remove it here"));
    }
}

/// The names in `#[derive(…)]`.
fn derived(attr: &Attribute) -> impl Iterator<Item = Ident> + use<> {
    let tokens = match &attr.meta {
        Meta::List(list) if list.path.is_ident("derive") => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    tokens.into_iter().filter_map(|token| if let TokenTree::Ident(ident) = token { Some(ident) } else { None })
}

/// The keyword of an item that is no struct.
fn other_item(item: &TokenStream) -> Option<TokenTree> {
    const KEYWORDS: [&str; 11] =
        ["struct", "enum", "union", "fn", "impl", "mod", "trait", "type", "static", "use", "macro_rules"];
    let is_keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if KEYWORDS.iter().any(|k| ident == k));
    item.clone().into_iter().find(is_keyword).filter(|keyword| keyword.to_string() != "struct")
}
