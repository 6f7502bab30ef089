#![allow(unused)]

use coral_tools::coral_tool;

/// A report.
#[coral_tool]
struct Report;

/// All tools.
#[coral_tool]
mod tools {}

#[coral_tool]
impl Report {}

/// A limit.
#[coral_tool]
const LIMIT: u32 = 1;

fn main() {
    let _ = Report;
}
