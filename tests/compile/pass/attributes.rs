//! Attributes of the function are kept, and copied to the generated items where needed.

use coral_tools::{Toolset, coral_tool, toolset};

/// Adds.
#[cfg(any())]
#[coral_tool]
fn add(missing: Missing) {}

#[coral_tool]
/// Adds.
#[cfg(any())]
fn add(missing: Missing) {}

#[coral_tool]
/// Adds.
#[cfg(all())]
fn add(a: u32) -> u32 {
    a
}

#[coral_tool(args = Subtract, name = "minus", description = "Subtracts.", timeout = "500ms")]
#[inline]
#[must_use]
pub fn subtract(r#type: u32, mut b: u32) -> u32 {
    b += 1;
    r#type - b
}

fn main() {
    let tools: Toolset = toolset![add, Subtract];
    let minus = tools.descriptor("minus").unwrap();
    assert_eq!(minus.description(), "Subtracts.");
    assert!(minus.input_schema()["properties"].get("type").is_some());
    assert_eq!(minus.timeout().unwrap().as_millis(), 500);
    assert_eq!(Subtract { r#type: 1, b: 1 }.r#type, 1);
    assert_eq!(subtract(3, 1), 1);
}
