//! Running the tool.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{ReturnType, Type};

use super::blame::{ends, located_at};
use super::definition;
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
    let Tool { rt, arguments: name, .. } = tool;
    let contexts = tool.contexts().map(|ty| made_from_context(rt, ty));
    let made = tool.contexts().enumerate().map(|(index, ty)| {
        let local = context_local(index);
        quote_spanned!(Span::mixed_site()=> let #local = <#ty as #rt::FromContext<__S>>::from_context(__context).await?;)
    });
    let start = tool.is_async().then(|| start(tool));
    let returned = returned(tool);
    let output = definition::output(tool);
    quote_spanned! {Span::mixed_site()=>
        #start
        impl<__S: #rt::Sync> #rt::Handler<__S> for #name where #(#contexts),* {
            #[allow(unused_variables)]
            async fn call(self, __context: &#rt::Context<'_, __S>) -> #rt::Result<#rt::Reply, #rt::ToolError> {
                #(#made)*
                let __returned = #returned;
                #output.reply(__returned)
            }
        }
    }
}

/// → `State<App>: FromContext<S>`, all of it at the type, which is where the compiler then says that it does not hold
fn made_from_context(rt: &Ident, ty: &Type) -> TokenStream {
    let (first, last) = ends(ty);
    let rt = located_at(rt, first);
    let state = Ident::new("__S", Span::mixed_site());
    let bound = located_at(&quote_spanned!(Span::mixed_site()=> FromContext<#state>), last);
    let separators = Span::mixed_site().located_at(first);
    let path = quote_spanned!(separators=> #rt::);
    quote!(#ty: #path #bound)
}

fn context_local(index: usize) -> Ident {
    format_ident!("__context_{index}", span = Span::mixed_site())
}

/// → the call of the function: awaited, inline, or off the async threads
fn returned(tool: &Tool) -> TokenStream {
    let rt = &tool.rt;
    let function = &tool.item.sig.ident;
    let values = values(tool);
    if tool.is_async() {
        quote_spanned!(Span::mixed_site()=> __start(#(#values),*).await)
    } else if tool.blocking.is_some() {
        quote_spanned!(Span::mixed_site()=> #rt::run_blocking(move || #function(#(#values),*)).await)
    } else {
        quote_spanned!(Span::mixed_site()=> #function(#(#values),*))
    }
}

/// → `self.a, context_0`
fn values(tool: &Tool) -> Vec<TokenStream> {
    let mut contexts = 0..;
    let value = |param: &Param| match param {
        Param::Argument(argument) => {
            let ident = &argument.ident;
            quote_spanned!(Span::mixed_site()=> self.#ident)
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
/// The one place that asks for `Send`, so that a future that is not is one compiler error.
fn start(tool: &Tool) -> TokenStream {
    let rt = &tool.rt;
    let function = &tool.item.sig.ident;
    let types = tool.params.iter().map(Param::ty);
    let locals: Vec<_> = (0..tool.params.len()).map(|i| format_ident!("__p{i}", span = Span::mixed_site())).collect();
    let output = match &tool.item.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    // All of it at the name, so that the compiler says there, and once, that its future is not `Send`.
    let site = Span::mixed_site().located_at(function.span());
    let rt = located_at(rt, site);
    quote_spanned! {site=>
        fn __start(#(#locals: #types),*) -> impl #rt::Future<Output = #output> + #rt::Send {
            #rt::a_tool_holds_only_send_values_across_await(#function(#(#locals),*))
        }
    }
}
