#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool(name = )]
fn add(#[arg(min_length = )] a: String, #[arg(minimum =, maximum = 3)] b: u32, #[arg(min)] c: u32, #[arg(default = )] d: u32) -> u32 {
    b
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![add];
}
