#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool]
fn add(a: u32, #[cfg(unix)] b: u32) -> u32 {
    a + b
}

fn main() {}
