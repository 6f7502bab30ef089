#![allow(unused)]

use coral_tools::coral_tool;

/// Does it.
#[coral_tool]
const unsafe extern "C" fn run() {}

/// Prints.
#[coral_tool]
unsafe extern "C" fn print(format: String, args: ...) {}

fn main() {}
