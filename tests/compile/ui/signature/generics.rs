#![allow(unused)]

use coral_tools::coral_tool;

/// Returns its argument.
#[coral_tool]
fn echo<T: ToString>(value: T) -> String {
    value.to_string()
}

/// Returns its argument.
#[coral_tool]
fn borrow<'a>(value: &'a str) -> &'a str {
    value
}

/// Returns its argument.
#[coral_tool]
fn clause(value: String) -> String
where
    String: Clone,
{
    value
}

fn main() {}
