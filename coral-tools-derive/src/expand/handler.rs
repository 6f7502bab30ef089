//! `impl Handler`: runs the function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{ReturnType, Type};

use super::definition;
use super::spans::ends;
use crate::emit::{emit, located_at};
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
///
/// For a method: `impl MethodHandler<Shop, S>`, whose `call` has the value as its first parameter.
pub(super) fn handler(tool: &Tool) -> TokenStream {
    let (handler, value) = handler_trait(tool);
    let name = &tool.arguments_type;
    let shared = tool.owner.iter().map(|ty| emit!(for<'__a> #ty: __rt::SharedValue));
    let bounds = shared.chain(tool.contexts().map(context_bound));
    let contexts = tool.contexts().enumerate().map(|(index, ty)| {
        let local = context_local(index);
        emit!(let #local = <#ty as __rt::FromContext<__S>>::from_context(__context).await?;)
    });
    let start = tool.is_async().then(|| start_fn(tool));
    let returned = function_call(tool);
    let output = definition::output(tool);
    emit! {
        #start
        impl<__S: __rt::Sync> #handler for #name where #(#bounds),* {
            #[allow(unused_variables)]
            async fn call(self, #value __context: &__rt::Context<'_, __S>) -> __rt::Result<__rt::Reply, __rt::ToolError> {
                #(#contexts)*
                let __returned = #returned;
                #output.reply(__returned)
            }
        }
    }
}

/// Returns the trait that the tool implements, and the parameter of its method for the value, if it is a method.
pub(super) fn handler_trait(tool: &Tool) -> (TokenStream, Option<TokenStream>) {
    match &tool.owner {
        None => (emit!(__rt::Handler<__S>), None),
        Some(ty) => (emit!(__rt::MethodHandler<#ty, __S>), Some(emit!(__value: &__rt::Arc<#ty>,))),
    }
}

/// → `State<App>: FromContext<S>`, positioned at the type, so that the compiler reports it there if it does not hold
pub(super) fn context_bound(ty: &Type) -> TokenStream {
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

/// → a call of the function: awaited, inline, or on the threads for blocking work; `()` if it has no body
fn function_call(tool: &Tool) -> TokenStream {
    if !tool.function.has_body() {
        return emit!(());
    }
    let function = function_path(tool);
    let value = tool.owner.iter().map(|_| emit!(__value));
    let values = value.chain(param_values(tool));
    if tool.is_async() {
        emit!(__start(#(#values),*).await)
    } else if tool.blocking.is_some() {
        blocking_call(tool)
    } else {
        emit!(#function(#(#values),*))
    }
}

/// → `run_blocking(context, move || add(self.a)).await`; a method is called on a clone of the `Arc`
fn blocking_call(tool: &Tool) -> TokenStream {
    let (function, values) = (function_path(tool), param_values(tool));
    match &tool.owner {
        None => emit!(__rt::run_blocking(__context, move || #function(#(#values),*)).await),
        Some(_) => emit!({
            let __value = __rt::Arc::clone(__value);
            __rt::run_blocking(__context, move || #function(&__value, #(#values),*)).await
        }),
    }
}

/// → `add`, or `Shop::add`, positioned at the function's name
fn function_path(tool: &Tool) -> TokenStream {
    let function = &tool.function.sig.ident;
    match &tool.owner {
        None => quote!(#function),
        // The type of an `impl` block with tools is a path.
        Some(ty) => located_at(&quote!(#ty::#function), function.span()),
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
    let function = function_path(tool);
    let types = tool.params.iter().map(Param::ty);
    let locals: Vec<_> = (0..tool.params.len()).map(|i| format_ident!("__p{i}", span = Span::mixed_site())).collect();
    let output = match &tool.function.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    // Positioned at the function's name, so that the compiler reports the error there, once.
    let site = Span::mixed_site().located_at(tool.function.sig.ident.span());
    let owner = tool.owner.as_ref();
    let lifetime = owner.map(|_| quote_spanned!(site=> <'__v>));
    let captured = owner.map(|_| quote_spanned!(site=> + '__v));
    let value = owner.map(|ty| quote_spanned!(site=> __value: &'__v #ty,));
    let value_name = owner.map(|_| quote_spanned!(site=> __value,));
    quote_spanned! {site=>
        fn __start #lifetime (#value #(#locals: #types),*) -> impl __rt::Future<Output = #output> + __rt::Send #captured {
            __rt::a_tool_holds_only_send_values_across_await(#function(#value_name #(#locals),*))
        }
    }
}
