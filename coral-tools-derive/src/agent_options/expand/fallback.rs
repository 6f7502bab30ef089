//! The expansion if there are errors: every error, and a stub, so that uses of the struct cause no further errors.

use proc_macro2::TokenStream;

use super::super::input::MacroInput;
use super::super::json_file;
use crate::emit::emit;

pub(super) fn fallback(input: &MacroInput, errors: &TokenStream) -> TokenStream {
    let item = &input.item;
    let stub = item.generics.params.is_empty().then(|| stub(input));
    let tracked_file = tracked_file(input);
    emit!(#item #stub #tracked_file #errors)
}

fn stub(input: &MacroInput) -> TokenStream {
    let MacroInput { item, crate_path, .. } = input;
    let (name, vis) = (&item.ident, &item.vis);
    let default = (!input.derives("Default"))
        .then(|| emit!(impl __rt::Default for #name { fn default() -> Self { __rt::stub() } }));
    emit! {
        #[allow(dead_code, missing_docs)]
        const _: () = {
            use #crate_path::__ as __rt;
            impl #name {
                #vis const NAME: &'static __rt::primitive::str = "";
                #vis const VERSION: &'static __rt::primitive::str = "";
                #vis fn executable(self) -> __rt::Agent { __rt::stub() }
                #vis fn docker(self) -> __rt::Agent { __rt::stub() }
                #vis fn function(self) -> __rt::Agent { __rt::stub() }
                #vis fn prototype(self) -> __rt::Agent { __rt::stub() }
                #vis fn agent(self, _: __rt::AgentProvider) -> __rt::Agent { __rt::stub() }
            }
            #default
        };
    }
}

/// → `include_bytes!(…)`, if the file exists, so that the compiler runs the macro again after the file is corrected
fn tracked_file(MacroInput { path, crate_path, .. }: &MacroInput) -> Option<TokenStream> {
    let path = path.as_ref().map(syn::LitStr::value).filter(|path| json_file::exists(path))?;
    let path = format!("/{path}");
    Some(emit! {
        const _: &[#crate_path::__::primitive::u8] =
            #crate_path::__::include_bytes!(#crate_path::__::concat!(#crate_path::__::env!("CARGO_MANIFEST_DIR"), #path));
    })
}
