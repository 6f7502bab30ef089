//! The methods that return an agent with the options.

use proc_macro2::TokenStream;
use quote::format_ident;

use super::super::docs;
use super::super::field::GeneratedField;
use super::super::option_type::ScalarType;
use super::super::registry_agent::{AgentHost, RegistrySource};
use super::super::registry_option::Presence;
use super::doc_comment::doc_comment;
use super::expansion_input::ExpansionInput;
use super::option_enum;
use crate::emit::emit;

/// → one method per runtime that the agent offers on its host, and `agent` for every other provider
pub(super) fn methods(expansion_input: &ExpansionInput<'_>) -> TokenStream {
    let item = &expansion_input.input.item;
    let (name, vis) = (&item.ident, &item.vis);
    let source = source(&expansion_input.agent.source);
    let options = expansion_input.fields.iter().map(|field| set_option(expansion_input, field));
    let runtimes = expansion_input.agent.runtimes.iter().filter_map(|runtime| runtime_method(expansion_input, runtime));
    emit! {
        impl #name {
            #(#runtimes)*
            /// Returns an agent with these options that `provider` runs. The checks of a request include the constraints of
            /// the registry agent.
            #[must_use]
            #vis fn agent(self, provider: __rt::AgentProvider) -> __rt::Agent {
                let agent = REGISTRY_AGENT.agent(#source, Self::NAME, Self::VERSION, provider);
                #(#options)*
                agent
            }
        }
    }
}

fn source(source: &RegistrySource) -> TokenStream {
    match source {
        RegistrySource::Local => emit!(__rt::RegistrySource::Local),
        RegistrySource::Marketplace => emit!(__rt::RegistrySource::Marketplace),
        RegistrySource::Linked(server) => {
            emit!(__rt::RegistrySource::Linked { linked_server_id: __rt::text(#server) })
        }
    }
}

fn runtime_method(expansion_input: &ExpansionInput<'_>, runtime: &str) -> Option<TokenStream> {
    let vis = &expansion_input.input.item.vis;
    let method = format_ident!("{runtime}");
    let mut capitalized = runtime.to_owned();
    capitalized.get_mut(..1)?.make_ascii_uppercase();
    let variant = format_ident!("{capitalized}");
    let runtime_field = emit!(runtime: __rt::Runtime::#variant);
    let (host, provider) = match &expansion_input.agent.host {
        AgentHost::Local => ("the server of the session".to_owned(), emit!(Local { #runtime_field })),
        AgentHost::Linked(server) => (
            format!("the linked server {}", docs::code(server)),
            emit!(Linked { linked_server_name: __rt::text(#server), #runtime_field }),
        ),
        AgentHost::Other => return None,
    };
    let docs = doc_comment(&format!("Returns an agent with these options that {host} runs with runtime `{runtime}`."));
    Some(emit! {
        #docs
        #[must_use]
        #vis fn #method(self) -> __rt::Agent {
            self.agent(__rt::AgentProvider::#provider)
        }
    })
}

/// → `let agent = with(agent, "STYLE", …);`
fn set_option(expansion_input: &ExpansionInput<'_>, field: &GeneratedField<'_>) -> TokenStream {
    let (ident, name) = (&field.ident, &field.option.name);
    let enum_name = option_enum::name(expansion_input, field);
    let is_optional = matches!(field.option.presence, Presence::Optional);
    let value = if is_optional { emit!(value) } else { emit!(self.#ident) };
    let value = match (&field.option.option_type.scalar, field.option.option_type.is_list) {
        (ScalarType::Enum(_), false) => emit!(__rt::Into::into(#enum_name::as_str(#value))),
        (ScalarType::Enum(_), true) => emit!(__rt::choices(#value, #enum_name::as_str)),
        (ScalarType::Blob, false) => emit!(__rt::OptionValue::blob(#value)),
        (ScalarType::Blob, true) => emit!(__rt::OptionValue::blobs(#value)),
        (ScalarType::String | ScalarType::Bool | ScalarType::Number(_), _) => emit!(__rt::Into::into(#value)),
    };
    let value = if is_optional { emit!(self.#ident.map(|value| #value)) } else { emit!(__rt::Option::Some(#value)) };
    emit!(let agent = __rt::with(agent, #name, #value);)
}
