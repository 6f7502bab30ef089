#![allow(unused)]

use coral_tools::coral_tool;

/// Greets.
#[coral_tool]
fn greet(name: String, #[arg(rename = "name")] other: String) {}

fn main() {}
