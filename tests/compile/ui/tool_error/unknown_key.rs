#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

#[derive(Debug, Error, IntoToolError)]
#[tool_error(displayed)]
enum OrderError {
    #[error("not found")]
    #[tool_error(dispaly)]
    NotFound,
    #[error("full")]
    #[tool_error(mesage = "full")]
    Full,
    #[error("unknown")]
    #[tool_error(unknown)]
    Unknown,
    #[error("hidden")]
    #[tool_error(hidden)]
    Hidden,
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
