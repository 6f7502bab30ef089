#![allow(unused)]

use coral_tools::coral_tool;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct Report {}

/// Reports.
#[coral_tool]
fn report(#[arg(default)] report: Report) {}

fn main() {}
