#![allow(unused)]

use coral_tools::coral_tool;
use coral_tools::{schemars::JsonSchema, serde::Deserialize};

#[derive(Deserialize, JsonSchema)]
struct Report {}

/// Reports.
#[coral_tool]
fn report(#[arg(flatten, default)] report: Report, urgent: bool) {}

/// Reports.
#[coral_tool]
fn renamed(#[arg(flatten, rename = "all")] report: Report) {}

fn main() {}
