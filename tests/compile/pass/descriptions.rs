//! Descriptions from every form of doc comment.

use coral_tools::{Toolset, coral_tool, toolset};

#[doc = include_str!("description.md")]
#[coral_tool]
fn from_a_file(
    #[doc = include_str!("description.md")]
    /// More.
    a: bool,
) -> bool {
    a
}

/** Counts.

    - one
      - two
*/
#[coral_tool]
fn from_a_block() {}

/**
 * Counts.
 *
 *   kept
 */
#[coral_tool]
fn from_a_block_with_stars() {}

///   Counts.
///
///     kept
#[coral_tool]
fn from_lines() {}

fn main() {
    let tools: Toolset = toolset![from_a_file, from_a_block, from_a_block_with_stars, from_lines];
    let description = |name| tools.descriptor(name).unwrap().description().to_owned();
    assert_eq!(description("from_a_file"), "Counts.\n\n    kept as it is");
    assert_eq!(description("from_a_block"), "Counts.\n\n   - one\n     - two");
    assert_eq!(description("from_a_block_with_stars"), "Counts.\n\n  kept");
    assert_eq!(description("from_lines"), "Counts.\n\n  kept");
    let tool = tools.descriptor("from_a_file").unwrap();
    let schema = tool.input_schema();
    assert_eq!(schema["properties"]["a"]["description"], "Counts.\n\n    kept as it is\n\nMore.");
}
