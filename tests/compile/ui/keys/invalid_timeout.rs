#![allow(unused)]

use coral_tools::coral_tool;

/// Waits.
#[coral_tool(timeout = "5")]
fn no_unit() {}

/// Waits.
#[coral_tool(timeout = 5)]
fn not_a_string() {}

/// Waits.
#[coral_tool(timeout = "0s")]
fn zero() {}

/// Waits.
#[coral_tool(timeout = "1h")]
fn hours() {}

/// Waits.
#[coral_tool(timeout = "11m")]
fn too_long() {}

fn main() {}
