//! The function under `#[coral_tool]`. Its body is not parsed, so that the macro works while the body has syntax errors.

mod unfinished;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Signature, Type, Visibility, token};

use crate::emit::located_at;
use crate::errors::{AlreadyReported, Errors};

/// The attributes of a parameter that this macro reads.
const MACRO_ATTRIBUTES: [&str; 3] = ["arg", "context", "doc"];

/// The attributes of derive macros, which have no meaning on a parameter.
pub(crate) const DERIVE_ATTRIBUTES: [&str; 4] = ["serde", "schemars", "validate", "garde"];

/// The attributes that Rust allows on a parameter.
const RUST_ATTRIBUTES: [&str; 7] = ["allow", "cfg", "cfg_attr", "deny", "expect", "forbid", "warn"];

/// The general form, for errors after which no other help is possible.
pub(crate) const FORM: &str = "a tool has this form:

    /// The description, by which agents choose the tool.
    #[coral_tool]
    async fn name(
        /// The description of an argument, which the agent sends.
        argument: Type,
        // A value that the application provides.
        #[context] State(app): State<App>,
    ) -> Result<Output, ToolError>";

/// A function with an unparsed body.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    body: TokenStream,
    /// Whether parts of the signature are missing, which the compiler reports.
    pub(crate) is_unfinished: bool,
    /// Whether it is in an `impl` block or a trait.
    pub(crate) is_associated: bool,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: input.parse()?,
            is_unfinished: false,
            is_associated: false,
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
    /// Whether it has a body, and not a semicolon.
    pub(crate) fn has_body(&self) -> bool {
        let mut body = self.body.clone().into_iter();
        !matches!((body.next(), body.next()), (Some(TokenTree::Punct(punct)), None) if punct.as_char() == ';')
    }

    /// Replaces the body.
    pub(crate) fn with_body(&self, body: &TokenStream) -> TokenStream {
        let Self { attrs, vis, sig, .. } = self;
        quote::quote!(#(#attrs)* #vis #sig { #body })
    }

    /// Parses a method of an `impl` block, whose attributes have been parsed.
    pub(crate) fn parse_method(attrs: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Self> {
        let (vis, sig) = (input.parse()?, input.parse()?);
        if !input.peek(token::Brace) {
            return Err(input.error("expected the body of the method: `{ … }`"));
        }
        let body = input.parse::<TokenTree>()?.into();
        Ok(Self { attrs, vis, sig, body, is_unfinished: false, is_associated: true })
    }

    /// Replaces `Self` in the signature, parts of which are repeated outside of the `impl` block.
    pub(crate) fn replace_self(&mut self, ty: &Type) {
        let replaced = with_self_type(self.sig.to_token_stream(), &ty.to_token_stream());
        if let Ok(sig) = syn::parse2(replaced) {
            self.sig = sig;
        }
    }

    /// Removes the attributes that only the macro understands from each parameter, and returns them.
    pub(crate) fn take_param_attrs(&mut self) -> Vec<Vec<Attribute>> {
        self.sig.inputs.iter_mut().map(take_macro_attrs).collect()
    }
}

fn with_self_type(tokens: TokenStream, ty: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => located_at(ty, ident.span()),
            TokenTree::Group(group) => {
                let mut replaced = Group::new(group.delimiter(), with_self_type(group.stream(), ty));
                replaced.set_span(group.span());
                TokenTree::Group(replaced).into()
            }
            other => other.into(),
        })
        .collect()
}

fn take_macro_attrs(param: &mut FnArg) -> Vec<Attribute> {
    let attrs = match param {
        FnArg::Receiver(receiver) => &mut receiver.attrs,
        FnArg::Typed(typed) => &mut typed.attrs,
    };
    let is_macro_attr = |attr: &Attribute| {
        let mut names = MACRO_ATTRIBUTES.iter().chain(&DERIVE_ATTRIBUTES);
        names.any(|name| attr.path().is_ident(name)) || misspelled(attr).is_some()
    };
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
    let parsed = syn::parse2(item.clone()).or_else(|error| unfinished::parse(item).ok_or(error));
    let mut function = parsed.map_err(|error| match other_item_keyword(item, "fn") {
        Some(keyword) => {
            let message = format!("`#[coral_tool]` must be applied to a free function: `fn` or `async fn`\n\n{FORM}");
            errors.report(keyword, message)
        }
        None => errors.report_at(error.span(), format!("{error}\n\n{FORM}")),
    })?;
    reject_repeated_attribute(&mut function, errors);
    Ok(function)
}

/// Removes further `#[coral_tool]`, which would generate the tool again.
fn reject_repeated_attribute(function: &mut Function, errors: &Errors) {
    let is_tool = |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == "coral_tool");
    let (repeated, others): (Vec<_>, Vec<_>) = std::mem::take(&mut function.attrs).into_iter().partition(is_tool);
    function.attrs = others;
    for attr in &repeated {
        errors.report(attr, "`#[coral_tool]` is repeated: keep one, with the keys of both");
    }
}

/// Returns the keyword of an item that is not a `keyword` item; `None` if no keyword stands before `keyword`.
pub(crate) fn other_item_keyword(item: &TokenStream, keyword: &str) -> Option<TokenTree> {
    const KEYWORDS: [&str; 12] =
        ["fn", "struct", "enum", "union", "impl", "mod", "trait", "type", "static", "use", "macro_rules", "let"];
    let is_keyword =
        |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if KEYWORDS.iter().any(|k| ident == k));
    item.clone().into_iter().find(is_keyword).filter(|first| first.to_string() != keyword)
}
