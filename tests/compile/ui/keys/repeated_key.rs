#![allow(unused)]

use coral_tools::{CallContext, coral_tool};

/// Adds.
#[coral_tool(name = "add", read_only, name = "plus", read_only = false)]
fn add(
    #[arg(minimum = 1, minimum = 2)] a: u32,
    #[arg(maximum = 1)]
    #[arg(maximum = 2)]
    b: u32,
    #[context]
    #[context]
    call: CallContext,
) -> u32 {
    a + b
}

fn main() {}
