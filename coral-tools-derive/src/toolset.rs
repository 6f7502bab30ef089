//! `toolset![a, b::c]`

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Lit, Meta, Path, PathArguments, Token, Type, token};

use crate::emit::emit;
use crate::expand::const_check;

/// An entry: a tool, which may be conditional.
struct Entry {
    /// `#[cfg(…)]`
    cfgs: Vec<Attribute>,
    tool: Type,
}

/// ```text
/// $crate; a, #[cfg(unix)] b::c
///        ↓
/// {
///     use NotATool as tool_0;
///     use NotATool as tool_1;
///     {
///         use a as tool_0;
///         #[cfg(unix)] use b::c as tool_1;
///         const TOOLS: &[NamedTool] = &[named_tool("a", NameOf::<tool_0>::NAME), …];
///         const _: () = check_tool(TOOLS, 0);
///         #[cfg(unix)] const _: () = check_tool(TOOLS, 1);
///         tools(|tools| {
///             let tools = tools.tool::<tool_0>();
///             #[cfg(unix)] let tools = tools.tool::<tool_1>();
///             tools
///         })
///     }
/// }
/// ```
///
/// The import of a function without `#[coral_tool]` is only a value: its type is the outer `NotATool`, so that `check_tool` is
/// the only error.
pub(crate) fn toolset(input: TokenStream) -> TokenStream {
    match parse.parse2(input) {
        Ok((crate_path, entries)) => expand(&crate_path, &entries),
        Err(error) => error.to_compile_error(),
    }
}

fn parse(input: ParseStream<'_>) -> syn::Result<(TokenStream, Vec<Entry>)> {
    let mut crate_path = TokenStream::new();
    while !input.peek(Token![;]) {
        crate_path.extend([input.parse::<TokenTree>()?]);
    }
    input.parse::<Token![;]>()?;
    let entries = Punctuated::<Entry, Token![,]>::parse_terminated_with(input, entry)?;
    Ok((crate_path, entries.into_iter().collect()))
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    let cfgs = input.call(Attribute::parse_outer)?;
    if let Some(other) = cfgs.iter().find(|attr| !attr.path().is_ident("cfg")) {
        return Err(syn::Error::new_spanned(other, "only `#[cfg(…)]` is allowed on a tool of a toolset: remove this"));
    }
    if input.peek(Lit) {
        return Err(input.error("expected the path of a tool: `toolset![submit_report]`"));
    }
    let tool = input.parse()?;
    if input.peek(token::Paren) {
        return Err(input.error("expected the path of a tool, not a call: remove the parentheses"));
    }
    Ok(Entry { cfgs, tool })
}

fn expand(crate_path: &TokenStream, entries: &[Entry]) -> TokenStream {
    let support = emit!(#crate_path::__);
    let types: Vec<_> = entries.iter().enumerate().map(|(index, entry)| tool_type(index, entry)).collect();
    let imports = imports(entries);
    let not_tools = entries.iter().enumerate().filter(|(_, entry)| importable(&entry.tool).is_some());
    let not_tools = not_tools.map(|(index, _)| import_name(index, Span::mixed_site()));
    let named_tools = entries.iter().zip(&types).map(|(entry, ty)| named_tool(&support, entry, ty));
    let checks = entries.iter().enumerate().map(|(index, Entry { cfgs, tool })| {
        let check = const_check(tool, &emit!(__check_tool), emit!(__TOOLS, #index));
        emit!(#(#cfgs)* #check)
    });
    let add = entries
        .iter()
        .zip(&types)
        .map(|(Entry { cfgs, .. }, ty)| emit!(#(#cfgs)* let __tools = __tools.tool::<#ty>();));
    emit! {
        {
            #(#[allow(unused_imports)] use #support::NotATool as #not_tools;)*
            {
                #(#imports)*
                #[allow(unused_imports)]
                use #support::{ToolNameFallback as _, check_tool as __check_tool};
                #[allow(dead_code)]
                const __TOOLS: &[#support::NamedTool] = &[#(#named_tools),*];
                #(#checks)*
                #support::tools(|__tools| {
                    #(#add)*
                    __tools
                })
            }
        }
    }
}

/// Returns the path of an entry, if it can be imported.
fn importable(tool: &Type) -> Option<&Path> {
    match tool {
        Type::Group(group) => importable(&group.elem),
        Type::Path(ty) if ty.qself.is_none() => {
            let is_plain = |segment: &syn::PathSegment| matches!(segment.arguments, PathArguments::None);
            let is_keyword = ty.path.segments.last().is_some_and(|last| last.ident == "Self" || last.ident == "self");
            (ty.path.segments.iter().all(is_plain) && !is_keyword).then_some(&ty.path)
        }
        _ => None,
    }
}

/// → `tool_0`, positioned at the entry, or a type that cannot be imported
fn tool_type(index: usize, Entry { tool, .. }: &Entry) -> TokenStream {
    match importable(tool).and_then(|path| path.segments.last()) {
        Some(last) => import_name(index, last.ident.span()).to_token_stream(),
        None => tool.to_token_stream(),
    }
}

fn import_name(index: usize, span: Span) -> Ident {
    format_ident!("__tool_{index}", span = span)
}

/// → `use a as tool_0;`, positioned at the path, so that the compiler reports there that it is not found
fn imports(entries: &[Entry]) -> impl Iterator<Item = TokenStream> {
    entries.iter().enumerate().filter_map(|(index, Entry { cfgs, tool })| {
        let path = importable(tool)?;
        let name = import_name(index, Span::mixed_site().located_at(path.segments.last()?.ident.span()));
        Some(emit!(#(#cfgs)* #[allow(unused_imports)] use #path as #name;))
    })
}

/// → `named_tool("a", NameOf::<tool_0>::NAME)`, or a tool without a name if the entry is left out
fn named_tool(support: &TokenStream, Entry { cfgs, tool }: &Entry, ty: &TokenStream) -> TokenStream {
    let path = tool.to_token_stream().to_string().replace(' ', "");
    let named = emit!(#support::named_tool(#path, #support::NameOf::<#ty>::NAME));
    let conditions: Vec<_> = cfgs.iter().filter_map(condition).collect();
    match &conditions[..] {
        [] => named,
        conditions => emit! {
            {
                #[cfg(all(#(#conditions),*))]
                { #named }
                #[cfg(not(all(#(#conditions),*)))]
                { #support::named_tool(#path, "") }
            }
        },
    }
}

/// Returns the condition of a `#[cfg(…)]`.
fn condition(attr: &Attribute) -> Option<&TokenStream> {
    match &attr.meta {
        Meta::List(list) => Some(&list.tokens),
        _ => None,
    }
}
