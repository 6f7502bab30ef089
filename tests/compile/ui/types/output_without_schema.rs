#![allow(unused)]

use coral_tools::coral_tool;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Receipt {}

/// Reports.
#[coral_tool]
fn report() -> Vec<Receipt> {
    vec![]
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![report];
}
