#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

#[derive(Debug, Error, IntoToolError)]
#[tool_error(transparent)]
enum OrderError {
    #[error("not found")]
    #[tool_error(crate = coral_tools)]
    NotFound,
    #[error("payment")]
    Payment(#[tool_error(transparent)] PaymentError),
}

#[derive(Debug, Error, IntoToolError)]
#[error("the card was rejected")]
struct PaymentError {
    #[tool_error(display)]
    reason: String,
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
