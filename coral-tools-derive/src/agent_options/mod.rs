//! `#[agent_options("registry/agent.json")]`.
//!
//! The attribute and the struct are parsed (`input`), the JSON file is read (`document`) and decoded (`registry_agent`,
//! `registry_option`), its options are named (`field`), and the struct is generated (`expand`). If there are errors, all of
//! them are reported at once (`expand::fallback`).

mod default_value;
mod docs;
mod expand;
mod field;
mod input;
mod json_file;
mod option_enum;
mod option_type;
mod registry_agent;
mod registry_option;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::errors::Errors;

pub(crate) fn agent_options(args: TokenStream, item: &TokenStream) -> TokenStream {
    let errors = Errors::new();
    let Ok(input) = input::parse(args, item, &errors) else {
        return crate::expand::unchanged(item, errors);
    };
    let document = input.path.as_ref().and_then(|path| json_file::read(path, &errors).ok());
    let agent = document.as_ref().and_then(|document| registry_agent::decode(document, &errors).ok());
    let fields = match (&agent, &document) {
        (Some(agent), Some(document)) => field::fields(agent, document, &errors),
        _ => Vec::new(),
    };
    expand::expand(&input, agent.as_ref(), &fields, errors)
}
