#![allow(unused)]

use std::rc::Rc;

use coral_tools::coral_tool;

/// Counts.
#[coral_tool]
async fn count(to: u32) -> u32 {
    let shared = Rc::new(to);
    std::future::ready(()).await;
    *shared
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![count];
}
