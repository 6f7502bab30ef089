#![allow(unused)]

use coral_tools::coral_tool;

/// Says it again.
#[coral_tool]
fn echo<T: ToString>(value: T) -> String {
    value.to_string()
}

/// Says it again.
#[coral_tool]
fn borrow<'a>(value: &'a str) -> &'a str {
    value
}

/// Says it again.
#[coral_tool]
fn clause(value: String) -> String
where
    String: Clone,
{
    value
}

fn main() {}
