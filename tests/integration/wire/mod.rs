//! `customTools`, decoded as strictly as servers do.

mod decoder;
mod decoder_rejects;
mod guide;
mod request;

use std::net::IpAddr;

use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::{CallContext, Dialect, ToolError, Toolset, coral_tool, toolset};
use http::HeaderName;
use serde_json::Value;

use self::decoder::decode;
use crate::types::{self, Point, Tree};

const BASE: &str = "https://app.example/coral?token=x";

const DIALECTS: [Dialect; 4] = [Dialect::Cloud, Dialect::Server1_2, Dialect::Server1_1, Dialect::Server1_0];

/// Has neither arguments nor a result.
#[coral_tool]
fn nothing() {}

/// Returns the caller, which is not an argument.
#[coral_tool(title = "Get the caller", read_only)]
fn get_caller(#[context] call: CallContext) -> Result<String, ToolError> {
    Ok(call.agent_name().unwrap_or_default().to_owned())
}

/// Has every hint.
///
/// * And *Markdown*, "quotes", a \ and a ☃.
#[coral_tool(title = "All \"hints\"", read_only = false, destructive, idempotent = false, open_world)]
fn hints() -> Option<Point> {
    None
}

/// Has every constraint.
#[coral_tool(name = "constraints-of_Every-kind", timeout = "5s", idempotent)]
fn constraints(
    /// How many.
    #[arg(minimum = 1, maximum = 5, default = 3, example = 4)]
    stars: u8,
    #[arg(exclusive_minimum = 0, exclusive_maximum = 1.5)] ratio: f64,
    #[arg(multiple_of = 5)] step: i64,
    #[arg(min_length = 1, max_length = 9, pattern = "^[a-z]+$", rename = "type")] kind: String,
    #[arg(format = "email")] mail: String,
    #[arg(min_items = 1, max_items = 3, unique_items, default = ["a"])] tags: Vec<String>,
    #[arg(default)] note: Option<String>,
) -> String {
    format!("{stars}{ratio}{step}{kind}{mail}{tags:?}{note:?}")
}

/// Properties with the names of JSON Schema keywords.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Keywords {
    #[serde(rename = "properties")]
    a: u8,
    #[serde(rename = "required")]
    b: Vec<String>,
    #[serde(rename = "definitions")]
    c: Option<Tree>,
    title: String,
    description: String,
}

/// Takes one struct as its whole input.
#[coral_tool]
fn whole_input(#[arg(flatten)] keywords: Keywords) -> Keywords {
    keywords
}

/// Looks up an address.
#[coral_tool]
fn look_up(of: IpAddr, depth: Option<Tree>) -> Vec<(String, Option<Tree>)> {
    vec![(of.to_string(), depth)]
}

fn tools() -> Toolset {
    let special: Toolset = toolset![nothing, get_caller, hints, constraints, whole_input, look_up];
    types::both_ways().merge(&special).expect("unique names")
}

/// The document in a dialect.
fn document(tools: &Toolset, dialect: Dialect) -> String {
    tools.custom_tools(BASE).expect("valid tools").to_json(dialect).to_string()
}

#[test]
fn every_server_accepts_every_tool() {
    let tools = tools();
    tools.check().expect("valid tools");
    for dialect in DIALECTS {
        let document = document(&tools, dialect);
        assert_eq!(decode(dialect, &document), Ok(()), "{dialect:?}");
        let entries: Value = serde_json::from_str(&document).expect("JSON");
        assert_eq!(entries.as_object().map(serde_json::Map::len), Some(tools.len()), "{dialect:?}");
    }
}

#[test]
fn a_server_rejects_other_dialects() {
    let tools = tools();
    for written in DIALECTS {
        for read in DIALECTS.into_iter().filter(|read| *read != written) {
            assert!(decode(read, &document(&tools, written)).is_err(), "{read:?} accepts the form of {written:?}");
        }
    }
}

#[test]
fn the_signature_header_is_configurable() {
    let custom_tools = tools().custom_tools(BASE).expect("valid tools");
    let custom_tools = custom_tools.signature_header(&HeaderName::from_static("x-my-signature"));
    for dialect in DIALECTS {
        let document = custom_tools.to_json(dialect).to_string();
        assert_eq!(decode(dialect, &document), Ok(()), "{dialect:?}");
        let has_header = document.contains("x-my-signature");
        assert_eq!(has_header, dialect != Dialect::Server1_0, "the first servers had one header only");
    }
}

#[test]
fn custom_tools_serialize_in_the_guides_form() {
    let custom_tools = tools().custom_tools(BASE).expect("valid tools");
    let document = serde_json::to_string(&custom_tools).expect("JSON");
    assert_eq!(decode(Dialect::Cloud, &document), Ok(()));
}
