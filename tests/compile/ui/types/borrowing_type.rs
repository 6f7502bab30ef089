#![allow(unused)]

use std::borrow::Cow;

use coral_tools::coral_tool;
use coral_tools::schemars::JsonSchema;
use coral_tools::serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(crate = "coral_tools::serde")]
#[schemars(crate = "coral_tools::schemars")]
struct Report {
    #[serde(borrow)]
    title: Cow<'static, str>,
}

/// Submits.
#[coral_tool]
fn submit(report: Report) {}

fn main() {}
