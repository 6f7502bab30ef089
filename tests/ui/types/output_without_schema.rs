use coral_tools::{coral_tool, schemars::JsonSchema, serde::{Deserialize, Serialize}};

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
