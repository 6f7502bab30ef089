#![allow(unused)]

use coral_tools::coral_tool;

struct App;

impl App {
    /// Counts.
    #[coral_tool]
    fn count(&self, to: u32) -> u32 {
        to
    }
}

fn main() {}
