#![allow(unused)]

use coral_tools::IntoToolError;
use thiserror::Error;

#[derive(Debug, Error, IntoToolError)]
enum OrderError {
    #[tool_error(display)]
    NotFound,
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
