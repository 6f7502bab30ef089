#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool]
fn add(a: u32, name: Option<) -> u32 {
    a
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![add];
}
