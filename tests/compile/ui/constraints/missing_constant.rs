#![allow(unused)]

use coral_tools::coral_tool;

#[coral_tool(description = TEXT)]
fn take(#[arg(max_items = missing(), min_items = MIN)] i: Vec<u8>) {}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![take];
}
