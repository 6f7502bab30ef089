//! The arguments of the attribute, and the struct under it.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Fields, ItemStruct, LitStr, Meta, Token};

use crate::errors::{AlreadyReported, Errors};
use crate::function::other_item_keyword;

/// The traits that the macro implements.
const IMPLEMENTED: [&str; 4] = ["Debug", "Clone", "PartialEq", "Default"];

const EXPECTED_PATH: &str = "`#[agent_options]` expects the path of a saved registry agent, relative to the folder of \
                             Cargo.toml: `#[agent_options(\"registry/agent.json\")]`";

pub(super) struct MacroInput {
    pub(super) item: ItemStruct,
    /// The path of the JSON file, relative to the package; `None` if its error has been reported.
    pub(super) path: Option<LitStr>,
    /// The path of the library, `coral_tools`.
    pub(super) crate_path: TokenStream,
}

impl MacroInput {
    /// Whether the user derives this trait.
    pub(super) fn derives(&self, name: &str) -> bool {
        self.item.attrs.iter().flat_map(derived_traits).any(|ident| ident == name)
    }
}

/// Parses both.
pub(super) fn parse(args: TokenStream, item: &TokenStream, errors: &Errors) -> Result<MacroInput, AlreadyReported> {
    let (path, crate_path) = parse_args(args, errors);
    let item = parse_struct(item, errors)?;
    Ok(MacroInput { item, path, crate_path: crate_path.unwrap_or_else(crate::lower::crate_path) })
}

fn parse_args(args: TokenStream, errors: &Errors) -> (Option<LitStr>, Option<TokenStream>) {
    if args.is_empty() {
        errors.report_at(Span::call_site(), EXPECTED_PATH);
        return (None, None);
    }
    let all = args.clone();
    let parser = |input: ParseStream<'_>| {
        let path: LitStr = input.parse().map_err(|_| syn::Error::new_spanned(&all, EXPECTED_PATH))?;
        let mut crate_path = None;
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            crate_path = Some(parse_crate_path(input)?);
        }
        Ok((path, crate_path))
    };
    match parser.parse2(args) {
        Ok((path, crate_path)) => (Some(path), crate_path),
        Err(error) => {
            errors.push(error);
            (None, None)
        }
    }
}

/// Parses `crate = path`.
fn parse_crate_path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    if !input.peek(Token![crate]) {
        return Err(input.error("unknown key in `#[agent_options]`: use `crate = path`"));
    }
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    let path = input.call(syn::Path::parse_mod_style)?;
    input.parse::<Option<Token![,]>>()?;
    Ok(path.to_token_stream())
}

fn parse_struct(tokens: &TokenStream, errors: &Errors) -> Result<ItemStruct, AlreadyReported> {
    let item: ItemStruct = syn::parse2(tokens.clone()).map_err(|error| match other_item_keyword(tokens, "struct") {
        Some(keyword) => {
            errors.report(keyword, "`#[agent_options]` must be applied to a struct without fields: `struct Name;`")
        }
        None => errors.push(error),
    })?;
    if !matches!(item.fields, Fields::Unit) && !item.fields.is_empty() {
        errors.report(&item.fields, "the fields are generated from the registry agent: write `;` instead");
    }
    if !item.generics.params.is_empty() {
        errors.report(&item.generics, "a struct of agent options cannot be generic: remove the parameters");
    }
    for attr in &item.attrs {
        reject_derives(attr, errors);
    }
    Ok(item)
}

/// Rejects derives of traits that the macro implements.
fn reject_derives(attr: &Attribute, errors: &Errors) {
    for ident in derived_traits(attr).filter(|ident| IMPLEMENTED.iter().any(|name| ident == name)) {
        let condition = if ident == "Default" { " unless an option is required" } else { "" };
        errors
            .report(&ident, format!("`#[agent_options]` implements `{ident}`{condition}: remove it from the derives"));
    }
}

/// Returns the names in `#[derive(…)]`.
fn derived_traits(attr: &Attribute) -> impl Iterator<Item = Ident> + use<> {
    let tokens = match &attr.meta {
        Meta::List(list) if list.path.is_ident("derive") => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    tokens.into_iter().filter_map(|token| if let TokenTree::Ident(ident) = token { Some(ident) } else { None })
}
