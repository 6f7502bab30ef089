//! The `impl` block under `#[coral_tools]`. Only the methods with `#[coral_tool]` are parsed, and their bodies are not.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Meta, PathSegment, Token, Type, TypePath, braced, token};

use crate::errors::{AlreadyReported, Errors};
use crate::function::{Function, other_item_keyword};
use crate::lower::{self, crate_path, value};
use crate::model::{BlockItem, Owner, ToolBlock};
use crate::settings::{self, BlockKey};

/// The name of the generated function, unless `toolset = …` is set.
const TOOLSET: &str = "toolset";

/// An `impl` block.
pub(crate) struct ImplBlock {
    header: TokenStream,
    attrs: Vec<Attribute>,
    generics: Generics,
    ty: Type,
    /// `for`, if it implements a trait.
    for_token: Option<Token![for]>,
    items: Vec<ImplItem>,
}

enum ImplItem {
    /// A method, and its attributes `#[coral_tool]`.
    Tool(Vec<Attribute>, Box<Function>),
    Other(TokenStream),
}

impl Parse for ImplBlock {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let header = header(&input.fork())?;
        let attrs = input.call(Attribute::parse_outer)?;
        input.parse::<Token![impl]>()?;
        let generics = if input.peek(Token![<]) { input.parse()? } else { Generics::default() };
        let ty = input.parse()?;
        let for_token: Option<Token![for]> = input.parse()?;
        if for_token.is_some() {
            input.parse::<Type>()?;
        }
        let generics = Generics { where_clause: input.parse()?, ..generics };
        let content;
        braced!(content in input);
        let mut items = Vec::new();
        while !content.is_empty() {
            items.push(content.parse()?);
        }
        Ok(Self { header, attrs, generics, ty, for_token, items })
    }
}

/// Returns the tokens before the braces.
fn header(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut header = TokenStream::new();
    while !input.peek(token::Brace) {
        header.extend([input.parse::<TokenTree>()?]);
    }
    Ok(header)
}

impl Parse for ImplItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_inner)?;
        attrs.extend(input.call(Attribute::parse_outer)?);
        if attrs.iter().any(is_coral_tool) {
            return Function::parse_method(attrs, input).map(Self::from_method);
        }
        let mut tokens: TokenStream = attrs.iter().map(ToTokens::to_token_stream).collect();
        while !input.is_empty() {
            let is_last = input.peek(token::Brace) || input.peek(Token![;]);
            tokens.extend([input.parse::<TokenTree>()?]);
            if is_last {
                break;
            }
        }
        Ok(Self::Other(tokens))
    }
}

impl ImplItem {
    fn from_method(mut method: Function) -> Self {
        let (tool_attrs, attrs) = std::mem::take(&mut method.attrs).into_iter().partition(is_coral_tool);
        method.attrs = attrs;
        Self::Tool(tool_attrs, Box::new(method))
    }
}

/// Whether it is `#[coral_tool]`, with any path.
fn is_coral_tool(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|segment| segment.ident == "coral_tool")
}

/// Parses an `impl` block.
pub(crate) fn parse(item: &TokenStream, errors: &Errors) -> Result<ImplBlock, AlreadyReported> {
    syn::parse2(item.clone()).map_err(|error| match other_item_keyword(item, "impl") {
        Some(keyword) => {
            errors.report(keyword, "`#[coral_tools]` must be applied to an `impl` block: `impl Shop { … }`")
        }
        None => errors.push(error),
    })
}

pub(crate) fn lower(args: TokenStream, block: ImplBlock, errors: &Errors) -> ToolBlock {
    let is_supported = reject_unsupported(&block, errors).is_ok();
    let owner = owner(&block.ty);
    let mut lowered = ToolBlock {
        header: block.header,
        attrs: block.attrs,
        is_supported,
        crate_path: crate_path(),
        toolset: Ident::new(TOOLSET, Span::mixed_site().located_at(owner.name.span())),
        owner,
        items: Vec::new(),
    };
    for setting in settings::parse(args, errors) {
        let _: Result<(), AlreadyReported> = match setting.key {
            BlockKey::Toolset => value::function_name(&setting, errors).map(|name| lowered.toolset = name),
            BlockKey::Crate => value::path(&setting, errors).map(|path| lowered.crate_path = path.to_token_stream()),
        };
    }
    lowered.items = block.items.into_iter().map(|item| lower_item(item, &lowered, errors)).collect();
    lowered
}

fn lower_item(item: ImplItem, block: &ToolBlock, errors: &Errors) -> BlockItem {
    let (attrs, mut method) = match item {
        ImplItem::Other(tokens) => return BlockItem::Other(tokens),
        ImplItem::Tool(attrs, method) => (attrs, method),
    };
    for repeated in attrs.iter().skip(1) {
        errors.report(repeated, "`#[coral_tool]` is repeated: keep one");
    }
    let settings = attrs.first().map_or_else(TokenStream::new, |attr| match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(_) => {
            errors.report(attr, "`#[coral_tool]` expects keys: `#[coral_tool(name = \"…\")]`");
            TokenStream::new()
        }
    });
    method.replace_self(&block.owner.ty);
    let mut tool = lower::lower(&settings::parse(settings, errors), *method, Some(&block.owner), errors);
    tool.crate_path = block.crate_path.clone();
    BlockItem::Tool(Box::new(tool))
}

fn reject_unsupported(block: &ImplBlock, errors: &Errors) -> Result<(), AlreadyReported> {
    if let Some(for_token) = &block.for_token {
        let message =
            "the methods of a trait cannot be tools: write an `impl` block without a trait, whose methods call them";
        return Err(errors.report(for_token, message));
    }
    if !block.generics.params.is_empty() {
        let message = "a type with tools cannot be generic: use a concrete type";
        return Err(errors.report(&block.generics.params, message));
    }
    if let Some(clause) = &block.generics.where_clause {
        return Err(errors.report(clause, "an `impl` block with tools cannot have a `where` clause: remove it"));
    }
    match last_segment(&block.ty) {
        Some(segment) if segment.arguments.is_none() => Ok(()),
        _ => Err(errors.report(&block.ty, "a type with tools must be a path without generic parameters: `impl Shop`")),
    }
}

fn owner(ty: &Type) -> Owner {
    let name = last_segment(ty).map(|segment| segment.ident.clone());
    Owner { ty: ty.clone(), name: name.unwrap_or_else(|| Ident::new("Tools", Span::mixed_site())) }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(TypePath { qself: None, path, .. }) => path.segments.last(),
        _ => None,
    }
}
