#![allow(unused)]

use coral_tools::{Toolset, coral_tool, toolset};

/// Adds.
#[coral_tool]
fn add() {}

fn main() {
    let _: Toolset = toolset![
        /// Adds.
        add
    ];
    let _: Toolset = toolset![add, #[allow(deprecated)] add];
}
