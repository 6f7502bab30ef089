#![allow(unused)]

use coral_tools::{Toolset, coral_tool, toolset};

/// Adds.
#[coral_tool]
fn add() {}

mod more {
    /// Adds more.
    #[coral_tools::coral_tool(name = "add")]
    pub fn plus() {}
}

fn main() {
    let _: Toolset = toolset![add, more::plus];
}
