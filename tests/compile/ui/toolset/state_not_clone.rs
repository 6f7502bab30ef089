#![allow(unused)]

use coral_tools::{State, Toolset, coral_tool, toolset};

struct App;

/// Adds.
#[coral_tool]
fn add(#[context] State(_app): State<App>) {}

fn main() {
    let _: Toolset<App> = toolset![add];
}
