#![allow(unused)]

use coral_tools::{Toolset, coral_tool, toolset};

/// Adds.
#[coral_tool]
fn add() {}

fn main() {
    let _: Toolset = toolset![add()];
    let _: Toolset = toolset!["add"];
}
