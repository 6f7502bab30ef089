#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

#[derive(Debug, Error, IntoToolError)]
enum OrderError {
    #[error("a")]
    #[tool_error(transparent)]
    Unit,
    #[error("b")]
    #[tool_error(transparent)]
    Two(coral_tools::ToolError, u32),
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
