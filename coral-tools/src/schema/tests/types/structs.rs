//! Structs, and one of them as the whole input.

#![allow(dead_code, reason = "only serde reads the fields")]

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::super::{of_struct, read};
use super::{Generic, Mode, Point, holds, lint_root};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    order_id: u64,
    #[serde(default)]
    lines: Vec<Line>,
    #[serde(default = "five")]
    priority: u8,
    note: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    _cache: u8,
    #[serde(rename = "type")]
    kind: Mode,
}

fn five() -> u8 {
    5
}

#[derive(Debug, Deserialize, serde::Serialize, JsonSchema)]
struct Line {
    price: f64,
    tags: Generic<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Newtype(u8);

#[derive(Debug, Deserialize, JsonSchema)]
struct Pair(u8, String);

#[derive(Debug, Deserialize, JsonSchema)]
struct Unit;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Transparent {
    point: Point,
}

#[test]
fn structs() {
    holds::<Order>(
        &[
            json!({ "orderId": 1, "type": "fast" }),
            json!({ "orderId": 1, "type": "fast", "note": null, "priority": null, "lines": [{ "price": 1, "tags": { "inner": "a" } }] }),
        ],
        &[
            json!({ "orderId": 1 }),
            json!({ "order_id": 1, "type": "fast" }),
            json!({ "orderId": 1, "type": "fast", "_cache": 1 }),
        ],
    );
    holds::<Generic<Generic<u8>>>(
        &[json!({ "inner": { "inner": 1 } })],
        &[json!({ "inner": { "inner": "1" } }), json!({ "inner": {} })],
    );
    holds::<Newtype>(&[json!(1)], &[json!([1]), json!(256)]);
    holds::<Pair>(&[json!([1, "a"])], &[json!([1])]);
    holds::<Unit>(&[json!(null)], &[json!({})]);
    holds::<Transparent>(&[json!({ "x": 1, "y": 2 })], &[json!({ "point": {} })]);
    holds::<Point>(&[json!({ "y": 1, "x": 2 })], &[json!([1, 2]), json!({ "x": 1, "y": 2, "z": 3 })]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    a: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Placed {
    id: u8,
    #[serde(flatten)]
    point: Point,
    #[serde(flatten)]
    maybe: Option<Generic<String>>,
}

#[test]
fn a_struct_as_the_whole_input() {
    let schema = of_struct::<Placed>();
    lint_root(schema.json());
    assert!(read::<Placed>(&schema, &json!({ "id": 1.0, "x": 1, "y": 2, "inner": null })).is_ok());
    assert!(read::<Placed>(&schema, &json!({ "id": 1, "x": 1, "y": 2, "z": 3 })).is_err());
    let schema = of_struct::<Strict>();
    lint_root(schema.json());
    assert!(read::<Strict>(&schema, &json!({ "a": 1, "b": 2 })).is_err());
}
