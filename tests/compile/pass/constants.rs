//! Constants as values of keys.

use coral_tools::{Toolset, coral_tool, toolset};

mod limits {
    pub const LOW: i16 = -3;
    pub const HIGH: f64 = 2.5;
    pub const fn double(value: usize) -> usize {
        value * 2
    }
}

const TITLE: &str = "Take";
const DESCRIPTION: &str = "\n  Takes.\n";
const CODE: &str = "^[a-z]+$";
const DEFAULT: &str = "abc";

#[coral_tool(title = TITLE, description = DESCRIPTION)]
fn take(
    #[arg(minimum = limits::LOW, maximum = limits::LOW + 10, multiple_of = 1 + 1)] a: i32,
    #[arg(exclusive_maximum = -limits::HIGH)] b: f32,
    #[arg(min_length = 1 << 1, max_length = limits::double(5), pattern = CODE, default = DEFAULT)] c: String,
    #[arg(pattern = concat!("^", "a"), default = concat!("a", 1), example = DEFAULT)] d: Option<String>,
    #[arg(max_items = u8::MAX, unique_items)] e: Vec<u8>,
) {
}

#[coral_tool(description = concat!("Takes ", "more."))]
fn more() {}

fn main() {
    let tools: Toolset = toolset![take, more];
    tools.check().unwrap();
    let take = tools.descriptor("take").unwrap();
    assert_eq!((take.title(), take.description()), (Some("Take"), "Takes."));
    let properties = &take.input_schema()["properties"];
    assert_eq!(properties["a"]["minimum"], -3);
    assert_eq!(properties["a"]["maximum"], 7);
    assert_eq!(properties["a"]["multipleOf"], 2);
    assert_eq!(properties["b"]["exclusiveMaximum"], -2.5);
    assert_eq!(properties["c"]["minLength"], 2);
    assert_eq!(properties["c"]["maxLength"], 10);
    assert_eq!(properties["c"]["pattern"], CODE);
    assert_eq!(properties["c"]["default"], DEFAULT);
    assert_eq!(properties["d"]["pattern"], "^a");
    assert_eq!(properties["d"]["default"], "a1");
    assert_eq!(properties["e"]["maxItems"], 255);
    assert_eq!(tools.descriptor("more").unwrap().description(), "Takes more.");
}
