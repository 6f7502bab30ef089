//! `#[cfg(…)]` on the entries of a toolset.

use coral_tools::{Toolset, coral_tool, toolset};

/// Adds.
#[coral_tool]
fn add() {}

/// Subtracts.
#[cfg(any())]
#[coral_tool]
fn subtract() {}

mod more {
    /// Multiplies.
    #[cfg(all())]
    #[coral_tools::coral_tool]
    pub fn multiply() {}

    /// Has the name of a tool that is left out.
    #[coral_tools::coral_tool(name = "subtract")]
    pub fn subtract_too() {}
}

/// Has the name of a dependency.
#[coral_tool]
fn serde() {}

fn main() {
    /// Divides.
    #[coral_tool]
    fn divide() {}

    let tools: Toolset = toolset![
        #[cfg(any())]
        subtract,
        add,
        #[cfg(all())]
        #[cfg(not(any()))]
        more::multiply,
        #[cfg(all())]
        #[cfg(any())]
        more::missing,
        divide,
        more::subtract_too,
    ];
    let names: Vec<_> = tools.descriptors().map(|tool| tool.name().to_owned()).collect();
    assert_eq!(names, ["add", "multiply", "divide", "subtract"]);

    let tools: Toolset = toolset![self::serde];
    assert_eq!(tools.len(), 1);

    let none: Toolset = toolset![#[cfg(any())] subtract];
    assert!(none.is_empty());
}
