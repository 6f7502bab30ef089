#![allow(unused)]

use coral_tools::coral_tool;

/// Orders.
#[coral_tool(once)]
fn no_value() {}

/// Orders.
#[coral_tool(once = "10")]
fn no_unit() {}

/// Orders.
#[coral_tool(once = true)]
fn not_a_string() {}

/// Orders.
#[coral_tool(once = "0s")]
fn zero() {}

/// Orders.
#[coral_tool(once = "2d")]
fn days() {}

/// Orders.
#[coral_tool(once = "25h")]
fn too_long() {}

fn main() {}
