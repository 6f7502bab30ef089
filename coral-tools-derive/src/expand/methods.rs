//! The expansion of an `impl` block.

use proc_macro2::TokenStream;
use quote::quote;

use super::{allow_lints, attrs_with_names, fallback, handler, items};
use crate::emit::emit;
use crate::errors::Errors;
use crate::model::{BlockItem, Tool, ToolBlock};

/// ```text
/// #[coral_tools]
/// impl Shop {                                       impl Shop { …the block without these attributes… }
///     /// Finds a pet.                              struct ShopFind { name: String }
///     #[coral_tool]                             →   const _: () = { impl Tool for ShopFind … impl MethodHandler<Shop, S> … };
///     fn find(&self, name: String) -> Pet { … }     impl Shop { pub fn toolset<S>(value: impl Into<Arc<Self>>) -> Toolset<S> }
/// }
/// ```
pub(crate) fn expand_block(block: &ToolBlock, errors: Errors) -> TokenStream {
    let errors = errors.finish();
    let impl_block = impl_block(block);
    if !block.is_supported {
        return emit!(#impl_block #errors);
    }
    let items: TokenStream = match errors.is_empty() {
        true => block.tools().map(items).collect(),
        false => block.tools().map(fallback::stub).collect(),
    };
    let toolset = toolset(block, errors.is_empty());
    emit!(#impl_block #items #toolset #errors)
}

/// The block without the attributes that only the macro understands.
fn impl_block(block: &ToolBlock) -> TokenStream {
    let header = &block.header;
    let items = block.items.iter().map(|item| match item {
        BlockItem::Other(tokens) => tokens.clone(),
        BlockItem::Tool(tool) => {
            let method = &tool.function;
            let allow = allow_lints();
            emit!(#allow #[allow(clippy::unused_self)] #method)
        }
    });
    quote!(#header { #(#items)* })
}

/// The function that returns the toolset.
fn toolset(block: &ToolBlock, is_valid: bool) -> TokenStream {
    let ToolBlock { owner, crate_path, toolset, .. } = block;
    let ty = &owner.ty;
    let cfgs = attrs_with_names(&block.attrs, &["cfg"]);
    let state = is_valid.then(|| state_trait(block));
    let (bound, body) = match is_valid {
        true => (emit!(__State), emit!(__S::toolset(value.into_arc()))),
        false => (emit!(__rt::Sync), emit!(__rt::stub())),
    };
    emit! {
        #(#cfgs)*
        #[allow(deprecated, private_bounds, private_interfaces, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            use #crate_path::__ as __rt;
            #state
            impl #ty {
                /// Returns a toolset of the methods with `#[coral_tool]`, which are called on this value.
                pub fn #toolset<__S: #bound>(value: impl __rt::IntoArc<#ty>) -> __rt::Toolset<__S> {
                    #body
                }
            }
        };
    }
}

/// ```text
/// trait State: Sync { fn toolset(value: Arc<Shop>) -> Toolset<Self>; }
/// impl<S: Sync> State for S where CallContext: FromContext<S>, Shop: SharedValue { … }
/// ```
///
/// The bounds are those of a trait of the state, so that the compiler infers the state from the use of the toolset before it
/// checks them, and not from the only state that fulfils them.
fn state_trait(block: &ToolBlock) -> TokenStream {
    let ty = &block.owner.ty;
    let bounds = block.tools().flat_map(Tool::contexts).map(handler::context_bound);
    let methods = block.tools().map(|tool| {
        let cfgs = attrs_with_names(&tool.function.attrs, &["cfg"]);
        let arguments = &tool.arguments_type;
        emit!(#(#cfgs)* let __tools = __tools.method::<#arguments>();)
    });
    emit! {
        trait __State: __rt::Sync + __rt::Sized {
            fn toolset(value: __rt::Arc<#ty>) -> __rt::Toolset<Self>;
        }
        impl<__S: __rt::Sync> __State for __S where for<'__a> #ty: __rt::SharedValue, #(#bounds),* {
            fn toolset(value: __rt::Arc<#ty>) -> __rt::Toolset<Self> {
                let __tools = __rt::MethodToolsetBuilder::new(value);
                #(#methods)*
                __tools.build()
            }
        }
        use __rt::IntoArc as _;
    }
}
