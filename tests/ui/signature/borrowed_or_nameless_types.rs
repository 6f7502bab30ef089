#![allow(unused)]

use coral_tools::coral_tool;

/// Takes what it cannot own.
#[coral_tool]
fn borrow(
    text: &str,
    list: &[u32],
    maybe: Option<&'static str>,
    path: &std::path::Path,
    any: impl ToString,
) -> impl std::fmt::Display {
    0
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![borrow];
}
