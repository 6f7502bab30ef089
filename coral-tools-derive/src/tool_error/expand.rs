//! From the messages to `impl IntoToolError`.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::cases::{Case, DerivedError};
use super::message::AgentMessage;
use crate::emit::{emit, located_at};
use crate::errors::Errors;
use crate::expand::{call, ends};

/// ```text
/// #[derive(IntoToolError)]       impl IntoToolError for OrderError {
/// enum OrderError {                  fn into_tool_error(self) -> ToolError {
///     #[tool_error(display)]             let message = match self {
///     NotFound(String),        →             Self::NotFound { .. } => AgentMessage::Display,
///     Database(DbError),                     Self::Database { .. } => AgentMessage::Internal,
/// }                                      };
///                                        derived_error(self, message)
///                                    }
///                                }
/// ```
pub(super) fn expand(error: &DerivedError, errors: Errors) -> TokenStream {
    let errors = errors.finish();
    if errors.is_empty() { implementation(error, &body(error)) } else { fallback(error, &errors) }
}

/// An implementation without a condition, so that uses of the type cause no further errors, and every error.
fn fallback(error: &DerivedError, errors: &TokenStream) -> TokenStream {
    let stub = implementation(error, &emit!(__rt::stub()));
    emit!(#stub #errors)
}

fn implementation(error: &DerivedError, body: &TokenStream) -> TokenStream {
    let DerivedError { crate_path, ident, generics, .. } = error;
    let mut generics = generics.clone();
    if !generics.params.is_empty() {
        generics.make_where_clause().predicates.push(syn::parse_quote! {
            Self: __rt::ImplementsError + __rt::ThreadSafe
        });
    }
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    emit! {
        #[allow(deprecated, unreachable_code, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            use #crate_path::__ as __rt;
            impl #impl_generics __rt::IntoToolError for #ident #type_generics #where_clause {
                fn into_tool_error(self) -> __rt::ToolError { #body }
            }
        };
    }
}

/// `derived_error` is positioned at the type's name, so that the compiler reports a missing trait there.
fn body(DerivedError { ident, cases, .. }: &DerivedError) -> TokenStream {
    let arms = cases.iter().map(arm);
    let value = located_at(&emit!(self), ident.span());
    let result = call(ident, &emit!(__rt::derived_error), emit!(#value, __message));
    emit! {
        let __message: __rt::AgentMessage = match self { #(#arms)* };
        #result
    }
}

fn arm(Case { variant, message }: &Case) -> TokenStream {
    let variant = variant.as_ref().map(|variant| emit!(::#variant));
    let message = match message {
        AgentMessage::Transparent(member, ty) => {
            let value = inner_value(ty);
            return emit!(Self #variant { #member: __inner } => return #value,);
        }
        AgentMessage::Display => emit!(Display),
        AgentMessage::Fixed(text) => emit!(Fixed(#text)),
        AgentMessage::Internal => emit!(Internal),
        AgentMessage::UnknownSession => emit!(UnknownSession),
    };
    emit!(Self #variant { .. } => __rt::AgentMessage::#message,)
}

/// → `IntoToolError::into_tool_error(inner)`, positioned at the type, so that the compiler reports a missing trait there
fn inner_value(ty: &impl ToTokens) -> TokenStream {
    let (first, _) = ends(ty);
    call(ty, &emit!(__rt::IntoToolError::into_tool_error), located_at(&emit!(__inner), first))
}
