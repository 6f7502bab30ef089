#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool(readonly, descripton = "Adds.", tags = "math")]
fn add(
    #[arg(min = 1, minlength = 1)] a: u32,
    #[args(minimum = 1)] b: u32,
    #[ctx] c: u32,
) -> u32 {
    a + b + c
}

fn main() {}
