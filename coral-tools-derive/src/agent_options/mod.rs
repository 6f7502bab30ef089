//! `#[agent_options("registry/agent.json")]`, a straight line: written (`written`) → the document (`document`) → what it
//! says (`entry`, `option`) → names for it (`names`) → expanded (`expand`), or every error at once (`expand::fallback`).

mod choice;
mod default;
mod document;
mod entry;
mod expand;
mod kind;
mod names;
mod option;
#[cfg(test)]
mod tests;
mod texts;
mod written;

use proc_macro2::TokenStream;

use crate::errors::Errors;

pub(crate) fn agent_options(args: TokenStream, item: &TokenStream) -> TokenStream {
    let errors = Errors::new();
    let Some(written) = written::read(args, item, &errors) else {
        return crate::expand::untouched(item, errors);
    };
    let document = written.path.as_ref().and_then(|path| document::read(path, &errors));
    let entry = document.as_ref().and_then(|document| entry::read(document, &errors));
    let fields = match (&entry, &document) {
        (Some(entry), Some(document)) => names::fields(entry, document, &errors),
        _ => Vec::new(),
    };
    expand::expand(&written, entry.as_ref(), &fields, errors)
}
