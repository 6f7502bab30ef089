#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool]
fn add(#[arg(minimum = 1)] a: u32, name: ) -> u32 {
    a + name.len()
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![add];
}
