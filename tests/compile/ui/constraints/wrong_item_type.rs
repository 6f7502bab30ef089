#![allow(unused)]

use std::collections::BTreeSet;

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
fn take(
    #[arg(items(minimum = 1))] a: Vec<String>,
    #[arg(items(min_length = 1))] b: Option<BTreeSet<u8>>,
    #[arg(items(maximum = 256))] c: [u8; 4],
    #[arg(items(items(min_length = 1)))] d: Vec<Vec<u8>>,
    #[arg(items(min_length = 1))] e: String,
) {
}

fn main() {}
