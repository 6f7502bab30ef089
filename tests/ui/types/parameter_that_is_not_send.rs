use coral_tools::coral_tool;
use coral_tools::{schemars::JsonSchema, serde::Deserialize};

#[derive(Deserialize, JsonSchema)]
struct Local(std::marker::PhantomData<*const ()>);

/// Counts.
#[coral_tool]
fn count(local: Local) {}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![count];
}
