#![allow(unused)]

use coral_tools::coral_tool;

type Alias = Option<String>;

/// Takes.
#[coral_tool]
fn take(
    #[arg(min_length = 1)] a: u32,
    #[arg(minimum = 1)] b: Alias,
    #[arg(max_items = 1)] c: String,
    #[arg(max_length = 1)] d: Vec<String>,
    #[arg(maximum = 1)] e: Vec<u32>,
    #[arg(minimum = 0)] f: bool,
    #[arg(pattern = "^1")] g: f64,
    #[arg(unique_items)] h: Option<i64>,
) {
}

fn main() {}
