#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

#[derive(Debug, Error, IntoToolError)]
#[tool_error(display, internal)]
enum OrderError {
    #[error("not found")]
    #[tool_error(display, message = "not found")]
    NotFound,
    #[error("full")]
    #[tool_error(message = "full")]
    #[tool_error(internal)]
    Full,
    #[error("locked")]
    #[tool_error(display, display)]
    Locked,
}

#[derive(Debug, Error, IntoToolError)]
#[error("the card was rejected")]
#[tool_error(unknown_session, display, message = "rejected")]
struct CardError;

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
