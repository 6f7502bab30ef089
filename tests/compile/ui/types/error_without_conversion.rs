#![allow(unused)]

use coral_tools::coral_tool;

/// Reports.
#[coral_tool]
fn report() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![report];
}
