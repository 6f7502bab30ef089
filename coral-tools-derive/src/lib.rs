//! The macros of `coral-tools`.
use proc_macro::TokenStream;

/// A function as a tool.
#[proc_macro_attribute]
pub fn coral_tool(_args: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// Implementation of `toolset!`.
#[doc(hidden)]
#[proc_macro]
pub fn toolset(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
