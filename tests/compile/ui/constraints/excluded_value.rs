#![allow(unused)]

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
fn take(
    #[arg(minimum = 1, default = 0)] a: u32,
    #[arg(exclusive_maximum = 0.5, default = 0.5)] b: f64,
    #[arg(maximum = -1, example = 0)] c: i32,
    #[arg(multiple_of = 5, default = 7)] d: u32,
    #[arg(min_length = 1, default = "")] e: String,
    #[arg(pattern = "^[a-z]+$", default = "Ab")] f: String,
    #[arg(min_items = 1, default = [])] g: Vec<u8>,
) {
}

fn main() {}
