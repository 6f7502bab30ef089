#![allow(unused)]

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
fn take(
    #[arg(items)] a: Vec<String>,
    #[arg(items = 1)] b: Vec<String>,
    #[arg(items(default = 1, rename = "x"))] c: Vec<String>,
    #[arg(items(min_len = 1, min_length = ))] d: Vec<String>,
    #[arg(items(minimum = 5, maximum = 1))] e: Vec<u8>,
    #[arg(minimum(1))] f: u8,
    #[arg(unique_items())] g: Vec<u8>,
) {
}

fn main() {}
