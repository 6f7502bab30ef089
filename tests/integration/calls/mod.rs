//! Awaited calls: `Session::next_call`, streams, and reading without a session.

mod agents;
mod ends;
mod forgetting;
mod harness;
mod reading;
mod setup;

use std::time::Duration;

use coral_tools::coral_tool;

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(60);

/// Submits the report.
#[coral_tool]
fn submit_report(title: String, #[arg(minimum = 1, maximum = 5, default = 3)] stars: u8);

/// Gives up, with the reason.
#[coral_tool]
fn give_up(reason: String);
