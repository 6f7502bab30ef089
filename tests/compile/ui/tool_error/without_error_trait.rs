#![allow(unused)]

use coral_tools::IntoToolError;

#[derive(Debug, IntoToolError)]
enum OrderError {
    #[tool_error(display)]
    NotFound,
    #[tool_error(message = "full")]
    Full,
    Database,
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
