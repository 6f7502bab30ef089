//! The library under another path.

mod vendored {
    pub mod inner {
        pub use ::coral_tools as tools;
    }
}

mod coral_tools {}

/// Adds.
#[vendored::inner::tools::coral_tool(crate = crate::vendored::inner::tools)]
fn add(a: u32, #[arg(default = 1, maximum = 9)] b: u32) -> u32 {
    a + b
}

fn main() {
    let tools: vendored::inner::tools::Toolset = vendored::inner::tools::toolset![add,];
    assert_eq!(tools.len(), 1);
}
