//! `toolset![a, b::c]`

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Lit, Token, Type, token};

use crate::emit::emit;
use crate::expand::const_check;

/// ```text
/// $crate; a, b::c
///        ↓
/// {
///     const TOOLS: &[NamedTool] = &[named_tool("a", NameOf::<a>::NAME), named_tool("b::c", NameOf::<b::c>::NAME)];
///     const _: () = check_unique_name(TOOLS, 1);
///     tools(|tools| {
///         let tools = tools.tool::<a>();
///         let tools = tools.tool::<b::c>();
///         tools
///     })
/// }
/// ```
pub(crate) fn toolset(input: TokenStream) -> TokenStream {
    match parse.parse2(input) {
        Ok((crate_path, tools)) => expand(&crate_path, &tools),
        Err(error) => error.to_compile_error(),
    }
}

fn parse(input: ParseStream<'_>) -> syn::Result<(TokenStream, Vec<Type>)> {
    let mut crate_path = TokenStream::new();
    while !input.peek(Token![;]) {
        crate_path.extend([input.parse::<TokenTree>()?]);
    }
    input.parse::<Token![;]>()?;
    let tools = Punctuated::<Type, Token![,]>::parse_terminated_with(input, tool)?;
    Ok((crate_path, tools.into_iter().collect()))
}

fn tool(input: ParseStream<'_>) -> syn::Result<Type> {
    if input.peek(Lit) {
        return Err(input.error("expected the path of a tool: `toolset![submit_report]`"));
    }
    let tool = input.parse()?;
    if input.peek(token::Paren) {
        return Err(input.error("expected the path of a tool, not a call: remove the parentheses"));
    }
    Ok(tool)
}

fn expand(crate_path: &TokenStream, tools: &[Type]) -> TokenStream {
    let support = emit!(#crate_path::__);
    let named_tools = tools.iter().map(|tool| {
        let path = tool.to_token_stream().to_string().replace(' ', "");
        emit!(#support::named_tool(#path, #support::NameOf::<#tool>::NAME))
    });
    let checks = tools.iter().enumerate().skip(1).map(|(index, tool)| {
        let check = emit!(__check_unique_name);
        const_check(tool, &check, emit!(__TOOLS, #index))
    });
    emit! {
        {
            #[allow(unused_imports)]
            use #support::{ToolNameFallback as _, check_unique_name as __check_unique_name};
            const __TOOLS: &[#support::NamedTool] = &[#(#named_tools),*];
            #(#checks)*
            #support::tools(|__tools| {
                #(let __tools = __tools.tool::<#tools>();)*
                __tools
            })
        }
    }
}
