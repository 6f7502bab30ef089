//! The function under the attribute. Its body is not parsed, so half-typed code does not break the macro.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Signature, Visibility};

use crate::errors::Errors;

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

    pub(crate) fn has_body(&self) -> bool {
        !matches!(self.body.clone().into_iter().next(), None | Some(TokenTree::Punct(_)))
    }
}

fn take_ours(param: &mut FnArg) -> Vec<Attribute> {
    let attrs = match param {
        FnArg::Receiver(receiver) => &mut receiver.attrs,
        FnArg::Typed(typed) => &mut typed.attrs,
    };
    let is_ours = |attr: &Attribute| ["arg", "context", "doc"].iter().any(|name| attr.path().is_ident(name));
    let (ours, others) = std::mem::take(attrs).into_iter().partition(is_ours);
    *attrs = others;
    ours
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

/// The keyword of an item that is no function.
fn other_item(item: &TokenStream) -> Option<TokenTree> {
    const OTHERS: [&str; 11] =
        ["struct", "enum", "union", "impl", "mod", "trait", "type", "static", "use", "macro_rules", "let"];
    let mut tokens = item.clone().into_iter();
    tokens
        .find(|token| matches!(token, TokenTree::Ident(ident) if *ident == "fn" || OTHERS.iter().any(|o| ident == o)))
        .filter(|token| token.to_string() != "fn")
}
