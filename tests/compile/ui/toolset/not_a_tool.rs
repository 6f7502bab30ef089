#![allow(unused)]

use coral_tools::{Toolset, coral_tool, toolset};

/// Adds.
#[coral_tool]
fn add() {}

fn plain() {}

struct Data;

fn main() {
    let _: Toolset = toolset![add, plain, Data, unknown];
}
