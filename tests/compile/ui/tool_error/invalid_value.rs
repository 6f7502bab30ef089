#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

#[derive(Debug, Error, IntoToolError)]
enum OrderError {
    #[error("a")]
    #[tool_error]
    NoKey,
    #[error("b")]
    #[tool_error()]
    NoKeyInParentheses,
    #[error("c")]
    #[tool_error = "c"]
    Text,
    #[error("d")]
    #[tool_error(display = true)]
    Flag,
    #[error("e")]
    #[tool_error(message)]
    NoMessage,
    #[error("f")]
    #[tool_error(message = 5)]
    Number,
    #[error("g")]
    #[tool_error(message = " ")]
    Blank,
    #[error("h")]
    #[tool_error(message("h"))]
    Parentheses,
    #[error("i")]
    #[tool_error("i")]
    NoKeyBeforeText,
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
