//! `impl Tool`: the description of the tool for agents.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::{Expr, ExprLit, Lit, ReturnType, Type};

use super::arguments::default_fn;
use super::{constraints, spans};
use crate::emit::{emit, located_at};
use crate::lower::ungrouped;
use crate::model::{Argument, DefaultValue, Hint, Tool};

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
    let Tool { arguments_type, name, description, .. } = tool;
    let name = &name.text;
    let title = tool.title.iter().map(|title| match title {
        Expr::Lit(text) => text.to_token_stream(),
        constant => emit!(__rt::trimmed(#constant)),
    });
    let hints = tool.hints.iter().map(|Hint { method, value }| emit!(.#method(#value)));
    let timeout = tool.timeout.map(duration).into_iter().map(|timeout| emit!(.timeout(#timeout)));
    let once = tool.once.map(duration).into_iter().map(|window| emit!(.once(#window)));
    let blocking = tool.blocking.iter().map(|_| emit!(.blocking(true)));
    let without_body = (!tool.function.has_body()).then(|| emit!(.without_body()));
    let input = input(tool);
    let output = output_schema(tool);
    let value_fns = value_fns(tool);
    emit! {
        #value_fns
        impl __rt::Tool for #arguments_type {
            const NAME: &'static __rt::primitive::str = #name;
            fn definition() -> __rt::Definition {
                __rt::with_schemas(
                    __rt::Definition::new(#description)
                        #(.title(#title))*
                        #(#hints)*
                        #(#timeout)*
                        #(#once)*
                        #(#blocking)*
                        #without_body,
                    #input,
                    #output,
                )
            }
        }
    }
}

/// → `Duration::from_millis(5000)`
fn duration(duration: Duration) -> TokenStream {
    let milliseconds = Literal::u64_unsuffixed(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
    emit!(__rt::Duration::from_millis(#milliseconds))
}

/// → `InputSource::Parameters(&[one row per argument])`, or `InputSource::Struct(the schema of the struct)`
fn input(tool: &Tool) -> TokenStream {
    if let Some(Argument { ty, .. }) = tool.flattened() {
        return emit!(__rt::InputSource::Struct(<#ty as __rt::DescribeArgument>::SCHEMA));
    }
    let rows = tool.arguments().enumerate().map(|(index, argument)| row(index, argument));
    emit! {
        __rt::InputSource::Parameters(const { &[#(#rows),*] })
    }
}

/// → `Parameter::new("a", "One number.", …its schema…, …whether it is optional…).constraints(…).default(…)`
fn row(index: usize, argument: &Argument) -> TokenStream {
    let Argument { name, description, ty, .. } = argument;
    let name = &name.text;
    let constraints = constraints::table(index, argument);
    let default = argument.default.as_ref().map(|_| {
        let json = json_fn_name("default", index);
        emit!(.default(#json))
    });
    let example = argument.example.as_ref().map(|_| {
        let json = json_fn_name("example", index);
        emit!(.example(#json))
    });
    let flatten = argument.flatten.map(|_| emit!(.flatten()));
    emit! {
        __rt::Parameter::new(
            #name,
            #description,
            <#ty as __rt::DescribeArgument>::SCHEMA,
            <#ty as __rt::DeserializeArgument>::presence,
        )
        #constraints #default #example #flatten
    }
}

fn json_fn_name(what: &str, index: usize) -> Ident {
    format_ident!("__{what}_json_{index}", span = Span::mixed_site())
}

/// The functions that return defaults and examples, as values and as JSON.
fn value_fns(tool: &Tool) -> TokenStream {
    let arguments = tool.arguments().enumerate();
    arguments.flat_map(|(index, argument)| [default_fns(index, argument), example_fns(index, argument)]).collect()
}

/// ```text
/// #[arg(default = 10)] a: u32   →   fn __default_0() -> u32 { value(10) }
///                                   fn __default_json_0() -> Option<Value> { ToJson(__default_0()).json() }
/// ```
fn default_fns(index: usize, Argument { ty, default, .. }: &Argument) -> TokenStream {
    match default {
        None => TokenStream::new(),
        Some(DefaultValue::OfType) => {
            json_fn(&json_fn_name("default", index), &emit!(<#ty as __rt::Default>::default()))
        }
        Some(DefaultValue::Expr(expr)) => {
            let name = default_fn(index);
            let value = value_fn(&name, ty, expr);
            let json = json_fn(&json_fn_name("default", index), &emit!(#name()));
            emit!(#value #json)
        }
    }
}

fn example_fns(index: usize, Argument { ty, example, .. }: &Argument) -> TokenStream {
    let Some(expr) = example else { return TokenStream::new() };
    let name = format_ident!("__example_{index}", span = Span::mixed_site());
    let value = value_fn(&name, ty, expr);
    let json = json_fn(&json_fn_name("example", index), &emit!(#name()));
    emit!(#value #json)
}

/// ```text
/// 10 → fn default_0() -> u32 { value(10) }      "x" → { text_value("x") }
/// [] → { value(EmptyArray::VALUE) }             {} → { value(EmptyMap::VALUE) }
/// ```
fn value_fn(name: &Ident, ty: &Type, expr: &Expr) -> TokenStream {
    let value = match ungrouped(expr) {
        // Without its type, so that the compiler reports an error at the string.
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
            spans::call(expr, &emit!(__rt::text_value), expr.to_token_stream())
        }
        Expr::Array(array) if array.elems.is_empty() => collection(ty, expr, &emit!(__rt::EmptyArray::VALUE)),
        Expr::Block(block) if block.block.stmts.is_empty() => collection(ty, expr, &emit!(__rt::EmptyMap::VALUE)),
        _ => emit!(__rt::value::<#ty>(#expr)),
    };
    emit!(fn #name() -> #ty { #value })
}

/// → `value::<Vec<u8>>(EmptyArray::VALUE)`, positioned at the expression
fn collection(ty: &Type, expr: &Expr, empty: &TokenStream) -> TokenStream {
    let empty = located_at(empty, spans::ends(expr).0);
    emit!(__rt::value::<#ty>(#empty))
}

fn json_fn(name: &Ident, value: &TokenStream) -> TokenStream {
    emit! {
        fn #name() -> __rt::Option<__rt::Value> { __rt::ToJson(#value).json() }
    }
}

/// → `output(…).schema()`
fn output_schema(tool: &Tool) -> TokenStream {
    let output = output(tool);
    emit!(#output.schema())
}

/// ```text
/// -> Result<Receipt, ToolError>   →   output(ReturnType::<Result<Receipt, ToolError>>::TYPE.to_result())
/// ```
///
/// Positioned at the return type, so that the compiler reports errors there. The two uses have the same tokens, so that the
/// compiler reports each error once.
pub(super) fn output(tool: &Tool) -> TokenStream {
    let ty = match &tool.function.sig.output {
        ReturnType::Default => emit!(()),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    let to_result = emit!(__rt::ReturnType::<#ty>::TYPE.to_result);
    let result = spans::call(&ty, &to_result, TokenStream::new());
    spans::call(&ty, &emit!(__rt::output), result)
}
