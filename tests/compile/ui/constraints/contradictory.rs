#![allow(unused)]

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
fn take(
    #[arg(minimum = 5, maximum = 3)] a: i32,
    #[arg(exclusive_minimum = 1, exclusive_maximum = 1)] b: i32,
    #[arg(minimum = 1.5, exclusive_maximum = 1.5)] c: f64,
    #[arg(min_length = 2, max_length = 1)] d: String,
    #[arg(min_items = 2, max_items = 1)] e: Vec<u8>,
    #[arg(multiple_of = 0)] f: u32,
    #[arg(multiple_of = -2)] g: i32,
) {
}

fn main() {}
