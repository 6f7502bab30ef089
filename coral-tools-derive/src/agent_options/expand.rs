//! From an entry to code.
//!
//! ```text
//! #[agent_options("registry/x.json")]     pub struct X { pub style: XStyle, … }   pub enum XStyle { … }
//! pub struct X;                        →  const _: () = { static ENTRY …; impl X … impl Default for X … };
//! ```

mod choice;
mod comment;
mod fallback;
mod parts;
mod structure;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};

use self::comment::doc_comment;
use self::parts::Parts;
use self::structure::default_or_new;
use super::entry::{Entry, Place, Source};
use super::kind::Scalar;
use super::names::Field;
use super::option::Presence;
use super::texts;
use super::written::Written;
use crate::errors::Errors;

pub(super) fn expand(written: &Written, entry: Option<&Entry>, fields: &[Field<'_>], errors: Errors) -> TokenStream {
    let errors = errors.finish();
    let (Some(entry), true) = (entry, errors.is_empty()) else {
        return fallback::fallback(written, &errors);
    };
    let parts = Parts { written, entry, fields };
    let structure = structure::structure(&parts);
    let choices = choice::enums(&parts);
    let impls = [constants(&parts), default_or_new(&parts), structure::debug(&parts), agent(&parts)];
    let krate = &written.krate;
    let saved = saved(written);
    quote_spanned! {Span::mixed_site()=>
        #structure
        #choices
        #[allow(deprecated, private_interfaces, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            use #krate::__ as __rt;
            static ENTRY: __rt::EmbeddedRegistryAgent = __rt::EmbeddedRegistryAgent::new(#saved);
            #(#impls)*
        };
    }
}

/// The document again, so that the compiler notices when it changes.
fn saved(written: &Written) -> TokenStream {
    let path = written.path.as_ref().map(|path| format!("/{}", path.value()));
    quote_spanned!(Span::mixed_site()=> __rt::include_str!(__rt::concat!(__rt::env!("CARGO_MANIFEST_DIR"), #path)))
}

fn constants(parts: &Parts<'_>) -> TokenStream {
    let Written { item, .. } = parts.written;
    let (name, vis) = (&item.ident, &item.vis);
    let Entry { name: type_name, version, .. } = parts.entry;
    quote_spanned! {Span::mixed_site()=>
        impl #name {
            /// The agent's name in its registry.
            #vis const NAME: &'static __rt::primitive::str = #type_name;
            /// The version that these are the options of.
            #vis const VERSION: &'static __rt::primitive::str = #version;
        }
    }
}

/// One method per runtime that the agent offers where it may run, and one for every other provider.
fn agent(parts: &Parts<'_>) -> TokenStream {
    let Written { item, .. } = parts.written;
    let (name, vis) = (&item.ident, &item.vis);
    let source = source(&parts.entry.source);
    let options = parts.fields.iter().map(|field| option(parts, field));
    let runtimes = parts.entry.runtimes.iter().filter_map(|runtime| run_by(parts, runtime));
    quote_spanned! {Span::mixed_site()=>
        impl #name {
            #(#runtimes)*
            /// An agent with these options, run by this provider. Its request is checked against the entry.
            #[must_use]
            #vis fn agent(self, provider: __rt::Provider) -> __rt::Agent {
                let agent = ENTRY.agent(#source, Self::NAME, Self::VERSION, provider);
                #(#options)*
                agent
            }
        }
    }
}

fn source(source: &Source) -> TokenStream {
    match source {
        Source::Local => quote_spanned!(Span::mixed_site()=> __rt::RegistrySource::Local),
        Source::Marketplace => quote_spanned!(Span::mixed_site()=> __rt::RegistrySource::Marketplace),
        Source::Linked(server) => {
            quote_spanned!(Span::mixed_site()=> __rt::RegistrySource::Linked { linked_server_id: __rt::text(#server) })
        }
    }
}

fn run_by(parts: &Parts<'_>, runtime: &str) -> Option<TokenStream> {
    let vis = &parts.written.item.vis;
    let method = format_ident!("{runtime}");
    let mut capital = runtime.to_owned();
    capital.get_mut(..1)?.make_ascii_uppercase();
    let variant = format_ident!("{capital}");
    let runtime_tokens = quote_spanned!(Span::mixed_site()=> runtime: __rt::Runtime::#variant);
    let (place, provider) = match &parts.entry.place {
        Place::Here => {
            ("by the server that is asked".to_owned(), quote_spanned!(Span::mixed_site()=> Local { #runtime_tokens }))
        }
        Place::Linked(server) => (
            format!("by linked server {}", texts::code(server)),
            quote_spanned!(Span::mixed_site()=> Linked { linked_server_name: __rt::text(#server), #runtime_tokens }),
        ),
        Place::Elsewhere => return None,
    };
    let docs = format!("An agent with these options, run in `{runtime}` {place}.");
    let docs = doc_comment(&docs);
    Some(quote_spanned! {Span::mixed_site()=>
        #docs
        #[must_use]
        #vis fn #method(self) -> __rt::Agent {
            self.agent(__rt::Provider::#provider)
        }
    })
}

/// Sets one option of `agent`.
fn option(parts: &Parts<'_>, field: &Field<'_>) -> TokenStream {
    let (ident, name) = (&field.ident, &field.option.name);
    let choice = choice::name(parts, field);
    let is_optional = matches!(field.option.presence, Presence::Optional);
    let held = if is_optional {
        quote_spanned!(Span::mixed_site()=> value)
    } else {
        quote_spanned!(Span::mixed_site()=> self.#ident)
    };
    let value = match (&field.option.kind.scalar, field.option.kind.is_list) {
        (Scalar::Choice(_), false) => quote_spanned!(Span::mixed_site()=> __rt::Into::into(#choice::as_str(#held))),
        (Scalar::Choice(_), true) => quote_spanned!(Span::mixed_site()=> __rt::choices(#held, #choice::as_str)),
        (Scalar::Blob, false) => quote_spanned!(Span::mixed_site()=> __rt::OptionValue::blob(#held)),
        (Scalar::Blob, true) => quote_spanned!(Span::mixed_site()=> __rt::OptionValue::blobs(#held)),
        (Scalar::Text | Scalar::Bool | Scalar::Number(_), _) => {
            quote_spanned!(Span::mixed_site()=> __rt::Into::into(#held))
        }
    };
    let given = if is_optional {
        quote_spanned!(Span::mixed_site()=> self.#ident.map(|value| #value))
    } else {
        quote_spanned!(Span::mixed_site()=> __rt::Option::Some(#value))
    };
    quote_spanned!(Span::mixed_site()=> let agent = __rt::with(agent, #name, #given);)
}
