#![allow(unused)]

use coral_tools::{CallContext, coral_tool};

/// Asks.
#[coral_tool]
fn ask(#[arg(rename = "c")] #[context] call: CallContext) {}

fn main() {}
