#![allow(unused)]

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
fn take(
    #[arg(maximum = 300)] a: u8,
    #[arg(minimum = -1)] b: Option<u32>,
    #[arg(minimum = 0.5)] c: i32,
) {
}

fn main() {}
