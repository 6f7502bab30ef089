#![allow(unused)]

use coral_tools::{Toolset, coral_tool, toolset};

/// Adds.
#[coral_tool]
fn add() {}

fn plain() {}

mod more {
    pub fn plain_too(a: u32) {}
}

fn main() {
    let _: Toolset = toolset![add, plain, more::plain_too];
}
