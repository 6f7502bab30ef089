#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool(name: "add", title = , "x", read_only idempotent)]
fn add(#[arg(minimum = 1 maximum = 2)] a: u32) -> u32 {
    a
}

fn main() {}
