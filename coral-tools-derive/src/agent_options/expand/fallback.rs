//! What is emitted where something is wrong: every error, and a stand-in, so that uses of it give no errors of their own.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::super::written::Written;

pub(super) fn fallback(written: &Written, errors: &TokenStream) -> TokenStream {
    let Written { item, krate, path } = written;
    let (name, vis) = (&item.ident, &item.vis);
    let default = (!written.derives("Default")).then(
        || quote_spanned!(Span::mixed_site()=> impl __rt::Default for #name { fn default() -> Self { __rt::stub() } }),
    );
    let stand_in = item.generics.params.is_empty().then(|| {
        quote_spanned! {Span::mixed_site()=>
            #[allow(dead_code, missing_docs)]
            const _: () = {
                use #krate::__ as __rt;
                impl #name {
                    #vis const NAME: &'static __rt::primitive::str = "";
                    #vis const VERSION: &'static __rt::primitive::str = "";
                    #vis fn executable(self) -> __rt::Agent { __rt::stub() }
                    #vis fn docker(self) -> __rt::Agent { __rt::stub() }
                    #vis fn function(self) -> __rt::Agent { __rt::stub() }
                    #vis fn prototype(self) -> __rt::Agent { __rt::stub() }
                    #vis fn agent(self, _: __rt::Provider) -> __rt::Agent { __rt::stub() }
                }
                #default
            };
        }
    });
    // A file that is mended is looked at again.
    let is_there = path.as_ref().is_some_and(|path| super::super::document::exists(&path.value()));
    let seen = is_there.then(|| {
        let path = path.as_ref().map(|path| format!("/{}", path.value()));
        quote_spanned! {Span::mixed_site()=>
            const _: &[#krate::__::primitive::u8] =
                #krate::__::include_bytes!(#krate::__::concat!(#krate::__::env!("CARGO_MANIFEST_DIR"), #path));
        }
    });
    quote_spanned!(Span::mixed_site()=> #item #stand_in #seen #errors)
}
