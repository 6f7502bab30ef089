#![allow(unused)]

use coral_tools::coral_tool;

/// Adds.
#[coral_tool]
fn add(#[serde(rename = "first", default)] a: u32, #[schemars(range(min = 1))] b: u32, #[validate(length(min = 1))] c: String) -> u32 {
    a + b
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![add];
}
