//! `#[derive(IntoToolError)]`, with `#[tool_error(…)]` on variants.
//!
//! The type is parsed (`input`), its attributes are lowered to a message per variant (`cases`, `message`), and the
//! implementation is generated (`expand`). If there are errors, all of them are reported at once.

mod cases;
mod expand;
mod input;
mod message;
mod placeholder;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::errors::Errors;

pub(crate) fn into_tool_error(item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let Ok(input) = input::parse(item, &errors) else {
        return errors.finish();
    };
    let error = cases::lower(input, &errors);
    expand::expand(&error, errors)
}
