#![allow(unused)]

use coral_tools::coral_tool;

/// Does it.
#[coral_tool(name = "do it")]
fn spaces() {}

/// Does it.
#[coral_tool(name = "")]
fn empty() {}

/// Does it.
#[coral_tool(name = "mcp_do")]
fn reserved() {}

/// Does it.
#[coral_tool]
fn coral_do() {}

/// Does it.
#[coral_tool]
fn a_name_that_is_longer_than_the_sixty_four_bytes_of_every_model_provider() {}

fn main() {}
