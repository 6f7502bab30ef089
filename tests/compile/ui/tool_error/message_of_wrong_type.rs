#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

const CODE: u32 = 7;

#[derive(Debug, Error, IntoToolError)]
enum OrderError {
    #[error("not found")]
    #[tool_error(message = CODE)]
    NotFound,
    #[error("full")]
    #[tool_error(message = format!("full"))]
    Full,
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
