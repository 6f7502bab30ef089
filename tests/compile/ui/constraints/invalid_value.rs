#![allow(unused)]

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
fn take(
    #[arg(minimum = "1", maximum)] a: i32,
    #[arg(min_length = -1, max_length = 1.5)] b: String,
    #[arg(pattern = 'x')] c: String,
    #[arg(pattern = "[a")] d: String,
    #[arg(format = "datetime")] e: String,
    #[arg(format = "phone")] f: String,
    #[arg(unique_items = 1)] g: Vec<u8>,
    #[arg(maximum = 1e999, minimum = -1e999)] h: f64,
    #[arg(pattern = "(?i)^[a-z]+$")] i: String,
) {
}

fn main() {}
