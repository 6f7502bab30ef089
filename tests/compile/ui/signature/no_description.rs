#![allow(unused)]

use coral_tools::coral_tool;

#[coral_tool]
fn bare() {}

///
#[coral_tool]
fn blank() {}

#[coral_tool(description = "  ")]
fn empty() {}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![bare, blank, empty];
}
