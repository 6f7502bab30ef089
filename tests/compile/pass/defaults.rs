//! Values that can be defaults.
#![allow(unused)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::path::PathBuf;

use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::{Toolset, coral_tool, serde_json::json, toolset};

#[derive(Deserialize, Serialize, JsonSchema)]
enum Priority {
    Low,
    High,
}

/// Takes.
#[coral_tool]
fn take(
    #[arg(default = Priority::High, example = Priority::Low)] priority: Priority,
    #[arg(default = Priority::High)] optional: Option<Priority>,
    #[arg(default = [])] list: Vec<String>,
    #[arg(default = [])] optional_list: Option<Vec<String>>,
    #[arg(default = ["a", "b"])] optional_items: Option<Vec<String>>,
    #[arg(default = [Priority::Low])] priorities: VecDeque<Priority>,
    #[arg(default = [])] set: HashSet<u8>,
    #[arg(default = [3, 1])] ordered: BTreeSet<u8>,
    #[arg(default = {})] map: HashMap<String, u8>,
    #[arg(default = {})] optional_map: Option<BTreeMap<String, u8>>,
    #[arg(default = [("a", 1), ("b", 2)])] entries: BTreeMap<String, u8>,
    #[arg(default = [("a", Priority::Low)])] optional_entries: Option<HashMap<String, Priority>>,
    #[arg(default = "a/b")] path: PathBuf,
    #[arg(default = "x")] text: Box<str>,
    #[arg(default = vec![1])] made: Vec<u8>,
) {
}

fn main() {
    let tools: Toolset = toolset![take];
    tools.check().unwrap();
    let take = tools.descriptor("take").unwrap();
    let properties = take.input_schema()["properties"].as_object().unwrap();
    let defaults: Vec<_> = properties.values().map(|property| property["default"].clone()).collect();
    let expected = json!([
        "High", "High", [], [], ["a", "b"], ["Low"], [], [1, 3], {}, {}, { "a": 1, "b": 2 }, { "a": "Low" }, "a/b", "x", [1]
    ]);
    assert_eq!(json!(defaults), expected);
}
