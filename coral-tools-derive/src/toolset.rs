//! `toolset![a, b::c]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Lit, Token, Type, token};

use crate::expand::blamed;

/// ```text
/// $crate; a, b::c
///        ↓
/// {
///     const TOOLS: &[NamedTool] = &[named_tool("a", ToolName::<a>::NAME), named_tool("b::c", ToolName::<b::c>::NAME)];
///     const _: () = check_unique_name(TOOLS, 1);
///     tools(|tools| {
///         let tools = tools.tool::<a>();
///         let tools = tools.tool::<b::c>();
///         tools
///     })
/// }
/// ```
pub(crate) fn toolset(input: TokenStream) -> TokenStream {
    match read.parse2(input) {
        Ok((krate, tools)) => expand(&krate, &tools),
        Err(error) => error.to_compile_error(),
    }
}

fn read(input: ParseStream<'_>) -> syn::Result<(TokenStream, Vec<Type>)> {
    let mut krate = TokenStream::new();
    while !input.peek(Token![;]) {
        krate.extend([input.parse::<TokenTree>()?]);
    }
    input.parse::<Token![;]>()?;
    let tools = Punctuated::<Type, Token![,]>::parse_terminated_with(input, tool)?;
    Ok((krate, tools.into_iter().collect()))
}

fn tool(input: ParseStream<'_>) -> syn::Result<Type> {
    if input.peek(Lit) {
        return Err(input.error("a tool is named by its path: `toolset![submit_report]`"));
    }
    let tool = input.parse()?;
    if input.peek(token::Paren) {
        return Err(input.error("a tool is named, not called: remove the parentheses"));
    }
    Ok(tool)
}

fn expand(krate: &TokenStream, tools: &[Type]) -> TokenStream {
    let rt = quote_spanned!(Span::mixed_site()=> #krate::__);
    let named = tools.iter().map(|tool| {
        let path = tool.to_token_stream().to_string().replace(' ', "");
        quote_spanned!(Span::mixed_site()=> #rt::named_tool(#path, #rt::ToolName::<#tool>::NAME))
    });
    let checks = tools.iter().enumerate().skip(1).map(|(index, tool)| {
        let check = quote_spanned!(Span::mixed_site()=> __check_unique_name);
        blamed(tool, &check, quote_spanned!(Span::mixed_site()=> __TOOLS, #index))
    });
    quote_spanned! {Span::mixed_site()=>
        {
            #[allow(unused_imports)]
            use #rt::{NotATool as _, check_unique_name as __check_unique_name};
            const __TOOLS: &[#rt::NamedTool] = &[#(#named),*];
            #(#checks)*
            #rt::tools(|__tools| {
                #(let __tools = __tools.tool::<#tools>();)*
                __tools
            })
        }
    }
}
