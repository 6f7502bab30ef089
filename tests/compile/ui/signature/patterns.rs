#![allow(unused)]

use coral_tools::coral_tool;

/// Moves.
#[coral_tool]
fn go((x, y): (i32, i32), _: u8, ref name: String) {}

fn main() {}
