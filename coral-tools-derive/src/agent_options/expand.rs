//! From the registry agent to code.
//!
//! ```text
//! #[agent_options("registry/x.json")]     pub struct X { pub style: XStyle, … }   pub enum XStyle { … }
//! pub struct X;                        →  const _: () = { static REGISTRY_AGENT …; impl X … impl Default for X … };
//! ```
//!
//! The generated code names the library's hidden module `__rt`.

mod agent;
mod doc_comment;
mod expansion_input;
mod fallback;
mod option_enum;
mod options_struct;

use proc_macro2::TokenStream;

use self::expansion_input::ExpansionInput;
use self::options_struct::default_or_new;
use super::field::GeneratedField;
use super::input::MacroInput;
use super::registry_agent::RegistryAgent;
use crate::emit::emit;
use crate::errors::Errors;

pub(super) fn expand(
    input: &MacroInput,
    agent: Option<&RegistryAgent>,
    fields: &[GeneratedField<'_>],
    errors: Errors,
) -> TokenStream {
    let errors = errors.finish();
    let (Some(agent), true) = (agent, errors.is_empty()) else {
        return fallback::fallback(input, &errors);
    };
    let expansion_input = ExpansionInput { input, agent, fields };
    let definition = options_struct::definition(&expansion_input);
    let enums = option_enum::enums(&expansion_input);
    let impls = [
        constants(&expansion_input),
        default_or_new(&expansion_input),
        options_struct::debug(&expansion_input),
        agent::methods(&expansion_input),
    ];
    let crate_path = &input.crate_path;
    let contents = file_contents(input);
    emit! {
        #definition
        #enums
        #[allow(deprecated, private_interfaces, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = {
            use #crate_path::__ as __rt;
            static REGISTRY_AGENT: __rt::EmbeddedRegistryAgent = __rt::EmbeddedRegistryAgent::new(#contents);
            #(#impls)*
        };
    }
}

/// → `include_str!(…)`, so that the compiler also notices changes of the file
fn file_contents(input: &MacroInput) -> TokenStream {
    let path = input.path.as_ref().map(|path| format!("/{}", path.value()));
    emit!(__rt::include_str!(__rt::concat!(__rt::env!("CARGO_MANIFEST_DIR"), #path)))
}

fn constants(ExpansionInput { input, agent, .. }: &ExpansionInput<'_>) -> TokenStream {
    let (name, vis) = (&input.item.ident, &input.item.vis);
    let RegistryAgent { name: agent_name, version, .. } = agent;
    emit! {
        impl #name {
            /// The name of the registry agent.
            #vis const NAME: &'static __rt::primitive::str = #agent_name;
            /// The version of the registry agent.
            #vis const VERSION: &'static __rt::primitive::str = #version;
        }
    }
}
