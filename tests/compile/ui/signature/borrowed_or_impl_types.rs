#![allow(unused)]

use coral_tools::coral_tool;

/// Takes borrowed values.
#[coral_tool]
fn borrow(
    text: &str,
    list: &[u32],
    maybe: Option<&'static str>,
    path: &std::path::Path,
    cow: std::borrow::Cow<'_, str>,
    any: impl ToString,
) -> impl std::fmt::Display {
    0
}

/// Returns a borrowed value.
#[coral_tool]
fn lend() -> std::borrow::Cow<'_, str> {
    "".into()
}

/// Takes a borrowed context value.
#[coral_tool]
fn look(#[context] cow: std::borrow::Cow<'_, str>) {}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![borrow, lend, look];
}
