//! The function under the attribute. Its body is not parsed, so half-typed code does not break the macro.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Signature, Visibility};

use crate::errors::Errors;

/// The attributes of a parameter that this macro reads.
const OURS: [&str; 3] = ["arg", "context", "doc"];

/// The attributes that Rust knows on a parameter.
const OTHERS: [&str; 7] = ["allow", "cfg", "cfg_attr", "deny", "expect", "forbid", "warn"];

/// A function as written.
pub(crate) struct Item {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    body: TokenStream,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attr in &self.attrs {
            attr.to_tokens(tokens);
        }
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

impl Item {
    /// Takes the attributes of each parameter that only the macro understands.
    pub(crate) fn take_param_attrs(&mut self) -> Vec<Vec<Attribute>> {
        self.sig.inputs.iter_mut().map(take_ours).collect()
    }
}

fn take_ours(param: &mut FnArg) -> Vec<Attribute> {
    let attrs = match param {
        FnArg::Receiver(receiver) => &mut receiver.attrs,
        FnArg::Typed(typed) => &mut typed.attrs,
    };
    let is_ours = |attr: &Attribute| OURS.iter().any(|name| attr.path().is_ident(name)) || misspelled(attr).is_some();
    let (ours, others) = std::mem::take(attrs).into_iter().partition(is_ours);
    *attrs = others;
    ours
}

/// The attribute of a parameter that was meant, if one was.
pub(crate) fn misspelled(attr: &Attribute) -> Option<&'static str> {
    const MEANT: [(&str, &str); 6] = [
        ("arg", "#[arg(…)]"),
        ("argument", "#[arg(…)]"),
        ("param", "#[arg(…)]"),
        ("context", "#[context]"),
        ("ctx", "#[context]"),
        ("contexts", "#[context]"),
    ];
    let name = attr.path().get_ident()?.to_string();
    let near = |word: &str| strsim::damerau_levenshtein(&name, word) <= word.len() / 3;
    let known = OURS.contains(&name.as_str()) || OTHERS.contains(&name.as_str());
    MEANT.iter().find(|(word, _)| !known && near(word)).map(|(_, meant)| *meant)
}

/// Reads a function, or reports why this is none.
pub(crate) fn read(item: &TokenStream, errors: &Errors) -> Option<Item> {
    match syn::parse2(item.clone()) {
        Ok(item) => Some(item),
        Err(error) => {
            match other_item(item) {
                Some(keyword) => errors.at(keyword, "`#[coral_tool]` goes on a free function: `async fn` or `fn`"),
                None => errors.push(error),
            }
            None
        }
    }
}

/// The keyword of an item that is no function, if the item has one before any `fn`.
fn other_item(item: &TokenStream) -> Option<TokenTree> {
    const KEYWORDS: [&str; 12] =
        ["fn", "struct", "enum", "union", "impl", "mod", "trait", "type", "static", "use", "macro_rules", "let"];
    let mut tokens = item.clone().into_iter();
    let is_keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if KEYWORDS.iter().any(|k| ident == k));
    tokens.find(is_keyword).filter(|keyword| keyword.to_string() != "fn")
}
