#![allow(unused)]

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
fn take(
    #[arg(default = 1)] a: String,
    #[arg(default = "x")] b: u32,
    #[arg(default = 1)] c: f64,
    #[arg(default = 300)] d: u8,
    #[arg(example = [1, 2])] e: Vec<String>,
) {
}

fn main() {}
