#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool(name = add, title, read_only = "yes", timeout = 5, args = "Add", crate = 1)]
fn add(#[arg(rename = b, example)] a: u32, #[arg] b: u32, #[arg = 1] c: u32, #[context(x)] d: u32) -> u32 {
    a + b
}

fn main() {}
