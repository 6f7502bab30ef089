#![allow(unused)]

use coral_tools::coral_tool;

/// Counts.
#[coral_tool]
async fn count(#[context] to: u32, #[context] name: String) {}

fn main() {}
