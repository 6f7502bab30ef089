#![allow(unused)]

use coral_tools::coral_tool;

const TEXT: &str = "a";
const NEGATIVE: i32 = -1;
const HALF: f64 = 0.5;
const HUGE: u64 = u64::MAX;

/// Takes.
#[coral_tool(title = HALF)]
fn take(
    #[arg(minimum = TEXT)] a: u32,
    #[arg(minimum = NEGATIVE)] b: u32,
    #[arg(minimum = 1.0 / 0.0)] c: f64,
    #[arg(maximum = HUGE)] d: u64,
    #[arg(maximum = HALF)] e: u8,
    #[arg(min_length = NEGATIVE)] f: String,
    #[arg(max_length = HALF)] g: String,
    #[arg(pattern = NEGATIVE)] h: String,
    #[arg(max_items = HALF)] j: String,
    #[arg(maximum = runtime())] k: u8,
) {
}

/// Takes.
#[coral_tool(description = NEGATIVE)]
fn describe() {}

fn runtime() -> u8 {
    1
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![take, describe];
}
