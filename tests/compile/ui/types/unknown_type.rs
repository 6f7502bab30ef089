#![allow(unused)]

use coral_tools::coral_tool;

/// Takes.
#[coral_tool]
async fn take(report: Report) -> Receipt {
    todo!()
}

fn main() {}
