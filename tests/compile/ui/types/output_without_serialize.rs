#![allow(unused)]

use coral_tools::coral_tool;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};

#[derive(JsonSchema)]
struct Receipt {}

/// Reports.
#[coral_tool]
async fn report() -> Result<Receipt, coral_tools::ToolError> {
    Ok(Receipt {})
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![report];
}
