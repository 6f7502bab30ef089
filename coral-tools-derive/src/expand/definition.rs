//! What agents are told about the tool.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Expr, ReturnType, Type};

use super::arguments::default_fn;
use super::{blame, limits};
use crate::model::{Argument, Default, Hint, Tool};

/// ```text
/// /// Adds.                                 impl Tool for add {
/// #[coral_tool(read_only)]                      const NAME: &str = "add";
/// fn add(a: u32, b: u32) -> u32        →        fn definition() -> Definition {
///                                                   with_schemas(
///                                                       Definition::new("Adds.").read_only(true),
///                                                       InputSource::Parameters(&[…]),
///                                                       …the schema of u32…,
///                                                   )
///                                               }
///                                           }
/// ```
pub(super) fn tool(tool: &Tool) -> TokenStream {
    let Tool { rt, arguments, name, description, .. } = tool;
    let name = &name.text;
    let description = description.tokens(rt);
    let title = tool.title.iter();
    let hints = tool.hints.iter().map(|Hint { method, value }| quote_spanned!(Span::mixed_site()=> .#method(#value)));
    let timeout = tool.timeout.iter().map(|timeout| {
        let milliseconds = Literal::u64_unsuffixed(u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        quote_spanned!(Span::mixed_site()=> .timeout(#rt::Duration::from_millis(#milliseconds)))
    });
    let input = input(tool);
    let output = returns(tool);
    let values = values(tool);
    quote_spanned! {Span::mixed_site()=>
        #values
        impl #rt::Tool for #arguments {
            const NAME: &'static #rt::primitive::str = #name;
            fn definition() -> #rt::Definition {
                #rt::with_schemas(
                    #rt::Definition::new(#description)
                        #(.title(#title))*
                        #(#hints)*
                        #(#timeout)*,
                    #input,
                    #output,
                )
            }
        }
    }
}

/// → `InputSource::Parameters(&[one row per argument])`, or `InputSource::Struct(the schema of the struct)`
fn input(tool: &Tool) -> TokenStream {
    let rt = &tool.rt;
    if let Some(Argument { ty, .. }) = tool.whole() {
        return quote_spanned!(Span::mixed_site()=> #rt::InputSource::Struct(<#ty as #rt::DescribeArgument>::SCHEMA));
    }
    let rows = tool.visible().enumerate().map(|(index, argument)| row(tool, index, argument));
    quote_spanned! {Span::mixed_site()=>
        #rt::InputSource::Parameters(const { &[#(#rows),*] })
    }
}

/// → `Parameter::new("a", "One number.", …its schema…, …whether it is optional…).constraints(…).default(…)`
fn row(tool: &Tool, index: usize, argument: &Argument) -> TokenStream {
    let rt = &tool.rt;
    let Argument { name, description, ty, .. } = argument;
    let name = &name.text;
    let description = description.tokens(rt);
    let limits = limits::table(tool, argument);
    let default = argument.default.as_ref().map(|_| {
        let json = json_fn("default", index);
        quote_spanned!(Span::mixed_site()=> .default(#json))
    });
    let example = argument.example.as_ref().map(|_| {
        let json = json_fn("example", index);
        quote_spanned!(Span::mixed_site()=> .example(#json))
    });
    quote_spanned! {Span::mixed_site()=>
        #rt::Parameter::new(
            #name,
            #description,
            <#ty as #rt::DescribeArgument>::SCHEMA,
            <#ty as #rt::DeserializeArgument>::is_optional,
        )
        #limits #default #example
    }
}

fn json_fn(what: &str, index: usize) -> Ident {
    format_ident!("__{what}_json_{index}", span = Span::mixed_site())
}

/// The functions that make defaults and examples, and their JSON.
fn values(tool: &Tool) -> TokenStream {
    let arguments = tool.visible().enumerate();
    arguments.flat_map(|(index, argument)| [default(tool, index, argument), example(tool, index, argument)]).collect()
}

/// ```text
/// #[arg(default = 10)] a: u32   →   fn __default_0() -> u32 { value(10) }
///                                   fn __default_json_0() -> Option<Value> { ToJson(__default_0()).json() }
/// ```
fn default(tool: &Tool, index: usize, Argument { ty, default, .. }: &Argument) -> TokenStream {
    let rt = &tool.rt;
    match default {
        None => TokenStream::new(),
        Some(Default::OfType) => json(
            tool,
            &json_fn("default", index),
            &quote_spanned!(Span::mixed_site()=> <#ty as #rt::Default>::default()),
        ),
        Some(Default::Expr(expr)) => {
            let name = default_fn(index);
            let value = value(tool, &name, ty, expr);
            let json = json(tool, &json_fn("default", index), &quote_spanned!(Span::mixed_site()=> #name()));
            quote_spanned!(Span::mixed_site()=> #value #json)
        }
    }
}

fn example(tool: &Tool, index: usize, Argument { ty, example, .. }: &Argument) -> TokenStream {
    let Some(expr) = example else { return TokenStream::new() };
    let name = format_ident!("__example_{index}", span = Span::mixed_site());
    let value = value(tool, &name, ty, expr);
    let json = json(tool, &json_fn("example", index), &quote_spanned!(Span::mixed_site()=> #name()));
    quote_spanned!(Span::mixed_site()=> #value #json)
}

fn value(tool: &Tool, name: &Ident, ty: &Type, expr: &Expr) -> TokenStream {
    let rt = &tool.rt;
    quote_spanned!(Span::mixed_site()=> fn #name() -> #ty { #rt::value::<#ty>(#expr) })
}

fn json(tool: &Tool, name: &Ident, value: &TokenStream) -> TokenStream {
    let rt = &tool.rt;
    quote_spanned! {Span::mixed_site()=>
        fn #name() -> #rt::Option<#rt::Value> { #rt::ToJson(#value).json() }
    }
}

/// → `output(…).schema()`
fn returns(tool: &Tool) -> TokenStream {
    let output = output(tool);
    quote_spanned!(Span::mixed_site()=> #output.schema())
}

/// ```text
/// -> Result<Receipt, ToolError>   →   output(ReturnType::<Result<Receipt, ToolError>>::TYPE.to_result())
/// ```
///
/// All of it stands at the return type, so that the compiler blames that; and it is the same wherever it is written, so
/// that the compiler says each thing once.
pub(super) fn output(tool: &Tool) -> TokenStream {
    let rt = &tool.rt;
    let ty = match &tool.item.sig.output {
        ReturnType::Default => quote_spanned!(Span::mixed_site()=> ()),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    let shape = quote_spanned!(Span::mixed_site()=> #rt::ReturnType::<#ty>::TYPE.to_result);
    let shape = blame::call(&ty, &shape, TokenStream::new());
    blame::call(&ty, &quote_spanned!(Span::mixed_site()=> #rt::output), shape)
}
