#![allow(unused)]

use coral_tools::coral_tool;

/// Waits.
#[coral_tool(blocking)]
async fn wait() {}

fn main() {}
