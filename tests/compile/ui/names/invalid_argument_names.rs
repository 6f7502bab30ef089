#![allow(unused)]

use coral_tools::coral_tool;

/// Greets.
#[coral_tool]
fn greet(#[arg(rename = "first-name")] first: String, größe: u32) {}

fn main() {}
