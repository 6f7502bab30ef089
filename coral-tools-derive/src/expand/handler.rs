//! `impl Handler`: runs the function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{ReturnType, Type};

use super::definition;
use super::spans::{ends, located_at};
use crate::emit::emit;
use crate::model::{Param, Tool};

/// ```text
/// async fn add(a: u32, #[context] call: CallContext) -> u32
///                                     ↓
/// impl<S: Sync> Handler<S> for add where CallContext: FromContext<S> {
///     async fn call(self, context: &Context<'_, S>) -> Result<Reply, ToolError> {
///         let context_0 = CallContext::from_context(context).await?;
///         let returned = start(self.a, context_0).await;
///         output(…).reply(returned)
///     }
/// }
/// ```
pub(super) fn handler(tool: &Tool) -> TokenStream {
    let name = &tool.arguments_type;
    let bounds = tool.contexts().map(context_bound);
    let contexts = tool.contexts().enumerate().map(|(index, ty)| {
        let local = context_local(index);
        emit!(let #local = <#ty as __rt::FromContext<__S>>::from_context(__context).await?;)
    });
    let start = tool.is_async().then(|| start_fn(tool));
    let returned = function_call(tool);
    let output = definition::output(tool);
    emit! {
        #start
        impl<__S: __rt::Sync> __rt::Handler<__S> for #name where #(#bounds),* {
            #[allow(unused_variables)]
            async fn call(self, __context: &__rt::Context<'_, __S>) -> __rt::Result<__rt::Reply, __rt::ToolError> {
                #(#contexts)*
                let __returned = #returned;
                #output.reply(__returned)
            }
        }
    }
}

/// → `State<App>: FromContext<S>`, positioned at the type, so that the compiler reports it there if it does not hold
fn context_bound(ty: &Type) -> TokenStream {
    let (first, last) = ends(ty);
    let first = Span::mixed_site().located_at(first);
    let state = Ident::new("__S", Span::mixed_site());
    let bound = located_at(&emit!(FromContext<#state>), last);
    let path = quote_spanned!(first=> __rt::);
    quote!(#ty: #path #bound)
}

fn context_local(index: usize) -> Ident {
    format_ident!("__context_{index}", span = Span::mixed_site())
}

/// → a call of the function: awaited, inline, or on the threads for blocking work
fn function_call(tool: &Tool) -> TokenStream {
    let function = &tool.function.sig.ident;
    let values = param_values(tool);
    if tool.is_async() {
        emit!(__start(#(#values),*).await)
    } else if tool.blocking.is_some() {
        emit!(__rt::run_blocking(move || #function(#(#values),*)).await)
    } else {
        emit!(#function(#(#values),*))
    }
}

/// → `self.a, context_0`
fn param_values(tool: &Tool) -> Vec<TokenStream> {
    let mut contexts = 0..;
    let value = |param: &Param| match param {
        Param::Argument(argument) => {
            let ident = &argument.ident;
            emit!(self.#ident)
        }
        Param::Context(_) => {
            let local = context_local(contexts.next().unwrap_or_default());
            quote!(#local)
        }
    };
    tool.params.iter().map(value).collect()
}

/// ```text
/// async fn add(a: u32) -> u32   →   fn start(p0: u32) -> impl Future<Output = u32> + Send { only_send(add(p0)) }
/// ```
///
/// The only code that requires `Send`, so that a future without it is one compiler error.
fn start_fn(tool: &Tool) -> TokenStream {
    let function = &tool.function.sig.ident;
    let types = tool.params.iter().map(Param::ty);
    let locals: Vec<_> = (0..tool.params.len()).map(|i| format_ident!("__p{i}", span = Span::mixed_site())).collect();
    let output = match &tool.function.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    // Positioned at the function's name, so that the compiler reports the error there, once.
    let site = Span::mixed_site().located_at(function.span());
    quote_spanned! {site=>
        fn __start(#(#locals: #types),*) -> impl __rt::Future<Output = #output> + __rt::Send {
            __rt::a_tool_holds_only_send_values_across_await(#function(#(#locals),*))
        }
    }
}
