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
fn taken() {}

/// Does it.
#[coral_tool]
fn coral_do() {}

/// Does it.
#[coral_tool]
fn a_name_that_is_so_long_that_no_provider_of_models_would_ever_let_it_pass() {}

fn main() {}
