#![allow(unused)]

use coral_tools::{CallContext, coral_tool};

#[coral_tool(titel = "Add", timeout = "fast", read_only = "yes")]
unsafe fn coral_add(
    #[arg(minimum = 3, maximum = 1)] a: u32,
    #[arg(renam = "x")] b: &str,
    #[contxt] call: CallContext,
) -> u32 {
    a
}

fn main() {
    let arguments = coral_add { a: 1 };
    let _: coral_tools::Toolset = coral_tools::toolset![coral_add];
}
