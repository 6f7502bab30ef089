#![allow(unused)]

use coral_tools::IntoToolError;

#[derive(IntoToolError)]
union OrderError {
    code: u32,
    number: f32,
}

/// Orders.
#[coral_tools::coral_tool]
fn order() -> Result<(), OrderError> {
    Ok(())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order];
}
