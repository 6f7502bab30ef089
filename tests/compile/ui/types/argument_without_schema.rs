#![allow(unused)]

use coral_tools::coral_tool;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Report {}

/// Reports.
#[coral_tool]
async fn report(report: Option<Report>) {}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![report];
}
