#![allow(unused)]

use coral_tools::coral_tool;

struct Shop;

impl Shop {
    /// Counts.
    #[coral_tool]
    fn count(to: u32) -> u32 {
        to
    }
}

fn main() {}
