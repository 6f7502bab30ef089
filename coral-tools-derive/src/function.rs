//! The function under `#[coral_tool]`. Its body is not parsed, so that the macro works while the body has syntax errors.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Signature, Visibility};

use crate::errors::{AlreadyReported, Errors};

/// The attributes of a parameter that this macro reads.
const MACRO_ATTRIBUTES: [&str; 3] = ["arg", "context", "doc"];

/// The attributes that Rust allows on a parameter.
const RUST_ATTRIBUTES: [&str; 7] = ["allow", "cfg", "cfg_attr", "deny", "expect", "forbid", "warn"];

/// A function with an unparsed body.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attr in &self.attrs {
            attr.to_tokens(tokens);
        }
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

impl Function {
    /// Removes the attributes that only the macro understands from each parameter, and returns them.
    pub(crate) fn take_param_attrs(&mut self) -> Vec<Vec<Attribute>> {
        self.sig.inputs.iter_mut().map(take_macro_attrs).collect()
    }
}

fn take_macro_attrs(param: &mut FnArg) -> Vec<Attribute> {
    let attrs = match param {
        FnArg::Receiver(receiver) => &mut receiver.attrs,
        FnArg::Typed(typed) => &mut typed.attrs,
    };
    let is_macro_attr =
        |attr: &Attribute| MACRO_ATTRIBUTES.iter().any(|name| attr.path().is_ident(name)) || misspelled(attr).is_some();
    let (macro_attrs, other_attrs) = std::mem::take(attrs).into_iter().partition(is_macro_attr);
    *attrs = other_attrs;
    macro_attrs
}

/// Returns the attribute that was probably intended, if this one is unknown and similar to it.
pub(crate) fn misspelled(attr: &Attribute) -> Option<&'static str> {
    const INTENDED: [(&str, &str); 6] = [
        ("arg", "#[arg(…)]"),
        ("argument", "#[arg(…)]"),
        ("param", "#[arg(…)]"),
        ("context", "#[context]"),
        ("ctx", "#[context]"),
        ("contexts", "#[context]"),
    ];
    let name = attr.path().get_ident()?.to_string();
    let is_similar = |word: &str| strsim::damerau_levenshtein(&name, word) <= word.len() / 3;
    let is_known = MACRO_ATTRIBUTES.contains(&name.as_str()) || RUST_ATTRIBUTES.contains(&name.as_str());
    INTENDED.iter().find(|(word, _)| !is_known && is_similar(word)).map(|(_, intended)| *intended)
}

/// Parses a function.
pub(crate) fn parse(item: &TokenStream, errors: &Errors) -> Result<Function, AlreadyReported> {
    syn::parse2(item.clone()).map_err(|error| match other_item_keyword(item, "fn") {
        Some(keyword) => {
            errors.report(keyword, "`#[coral_tool]` must be applied to a free function: `fn` or `async fn`")
        }
        None => errors.push(error),
    })
}

/// Returns the keyword of an item that is not a `keyword` item; `None` if no keyword stands before `keyword`.
pub(crate) fn other_item_keyword(item: &TokenStream, keyword: &str) -> Option<TokenTree> {
    const KEYWORDS: [&str; 12] =
        ["fn", "struct", "enum", "union", "impl", "mod", "trait", "type", "static", "use", "macro_rules", "let"];
    let is_keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if KEYWORDS.iter().any(|k| ident == k));
    item.clone().into_iter().find(is_keyword).filter(|first| first.to_string() != keyword)
}
