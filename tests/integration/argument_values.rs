//! Values of arguments that the macros convert: defaults that are written as strings, and flattened parameters.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use coral_tools::schemars::JsonSchema;
use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::{Call, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

const LEVEL: &str = "high";

/// Returns its arguments.
#[coral_tool]
fn defaults(
    #[arg(default = "a")] string: String,
    #[arg(default = "b")] boxed: Box<str>,
    #[arg(default = "c")] cow: Cow<'static, str>,
    #[arg(default = "d")] path: PathBuf,
    #[arg(default = "e")] option: Option<String>,
    #[arg(default = LEVEL)] constant: String,
    #[arg(default = LEVEL)] constant_option: Option<String>,
    #[arg(default = 7)] number: Option<u8>,
) -> Value {
    json!([string, boxed, cow, path, option, constant, constant_option, number])
}

#[tokio::test]
async fn defaults_are_converted_to_the_type_of_the_parameter() {
    let tools: Toolset = toolset![defaults];
    let expected = json!(["a", "b", "c", "d", "e", "high", "high", 7]);
    assert_eq!(call(&tools, "defaults", &json!({})).await, json!({ "result": expected }));
    let descriptor = tools.descriptor("defaults").expect("the tool");
    let properties = &descriptor.input_schema()["properties"];
    let shown: Vec<_> = properties.as_object().expect("properties").values().map(|one| &one["default"]).collect();
    assert_eq!(json!(shown), expected);
}

/// A type that cannot be serialized.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
struct Level(u8);

/// Returns the level.
#[coral_tool]
fn level(#[arg(default = Some(Level(3)))] level: Option<Level>) -> Option<u8> {
    level.map(|level| level.0)
}

#[tokio::test]
async fn null_stands_for_a_default_that_cannot_be_serialized() {
    let tools: Toolset = toolset![level];
    for (arguments, result) in [(json!({}), 3), (json!({"level": null}), 3), (json!({"level": 5}), 5)] {
        assert_eq!(call(&tools, "level", &arguments).await, json!({ "result": result }), "{arguments}");
    }
    let descriptor = tools.descriptor("level").expect("the tool");
    let properties = &descriptor.input_schema()["properties"];
    assert_eq!(properties["level"].get("default"), None);
}

async fn call(tools: &Toolset, tool: &str, arguments: &Value) -> Value {
    let outcome = tools.dispatch(Call::new(tool, arguments.to_string().as_bytes()), &()).await;
    serde_json::from_slice(&outcome.into_json()).expect("JSON")
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Meters(f64);

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
enum Direction {
    North,
    Degrees(i16),
    To { x: i8, y: i8 },
}

/// A value of every form.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Position {
    signed: i64,
    unsigned: u64,
    float: f64,
    meters: Meters,
    flag: bool,
    text: String,
    unset: Option<u8>,
    set: Option<u8>,
    required_null: Value,
    list: Vec<Option<i8>>,
    map: BTreeMap<String, i8>,
    directions: Vec<Direction>,
}

/// Returns the flattened parameter.
#[coral_tool]
fn visit(times: u8, #[arg(flatten)] position: Position) -> (u8, Position) {
    (times, position)
}

#[tokio::test]
async fn values_of_a_flattened_parameter_arrive_as_they_were_sent() {
    let tools: Toolset = toolset![visit];
    tools.check().expect("a valid tool");
    let position = json!({
        "signed": i64::MIN, "unsigned": u64::MAX, "float": -0.5, "meters": 1.5, "flag": true, "text": "a", "unset": null,
        "set": 3, "required_null": null, "list": [null, -1], "map": {"a": -2},
        "directions": ["North", {"Degrees": -90}, {"To": {"x": -1, "y": 2}}],
    });
    let mut arguments = position.clone();
    arguments["times"] = json!(2);
    assert_eq!(call(&tools, "visit", &arguments).await, json!({ "result": [2, position] }));
}
