#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

#[derive(Debug, Error, IntoToolError)]
enum OrderError {
    #[error("order {0} not found")]
    #[tool_error(message = "order {0} not found")]
    NotFound(u32),
    #[error("order {number} is locked")]
    #[tool_error(message = "order {number:?} is locked")]
    Locked { number: u32 },
    #[error("{limit} is too much")]
    #[tool_error(message = "too much: write {} or {\"limit\": 5}")]
    Limit { limit: u32 },
    #[error("{0} is not a path")]
    #[tool_error(message = "write a path such as /orders/{number}")]
    Path(String),
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
