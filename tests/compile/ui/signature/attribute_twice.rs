#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool]
#[coral_tool(read_only)]
fn add(a: u32) -> u32 {
    a
}

/// Subtracts.
#[coral_tool]
#[coral_tools::coral_tool]
fn subtract(a: u32) -> u32 {
    a
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![add, subtract];
}
