#![allow(unused)]

use std::collections::HashMap;

use coral_tools::coral_tool;
use coral_tools::{schemars::JsonSchema, serde::{Deserialize, Serialize}};

#[derive(Deserialize, Serialize, JsonSchema)]
enum Priority {
    Low,
    High,
}

/// Takes.
#[coral_tool]
fn take(
    #[arg(default = "high")] a: Priority,
    #[arg(default = High)] b: Priority,
    #[arg(default = "high")] c: Option<Priority>,
    #[arg(default = [])] d: u32,
    #[arg(default = {})] e: Vec<u32>,
    #[arg(default = [])] f: HashMap<String, u32>,
    #[arg(example = [("a", "b")])] g: HashMap<String, u32>,
) {
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![take];
}
