//! Flattened fields.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Adjacent, External, Generic, Internal, Point, holds};

#[derive(Debug, Deserialize, JsonSchema)]
struct Flat {
    id: u8,
    #[serde(flatten)]
    point: Point,
    #[serde(flatten)]
    maybe: Option<Generic<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatEnum {
    id: u8,
    #[serde(flatten)]
    shape: Internal,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatTwice {
    #[serde(flatten)]
    shape: Internal,
    #[serde(flatten)]
    other: Adjacent,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatExternal {
    id: u8,
    #[serde(flatten)]
    shape: Option<External>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatMap {
    id: u8,
    #[serde(flatten)]
    rest: HashMap<String, u8>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatAny {
    id: u8,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

#[test]
fn flattened_fields() {
    holds::<Flat>(
        &[json!({ "id": 1, "x": 1, "y": 2.0 }), json!({ "id": 1, "x": 1, "y": 2, "inner": "a" })],
        &[json!({ "id": 1, "x": 1 }), json!({ "id": 1, "x": 1, "y": 2, "z": 3 }), json!({ "id": 1, "x": 1, "y": "2" })],
    );
    holds::<FlatEnum>(
        &[json!({ "id": 1, "kind": "empty" }), json!({ "id": 1, "kind": "circle", "radius": 1 })],
        &[json!({ "id": 1 }), json!({ "id": 1, "kind": "circle" }), json!({ "kind": "empty" })],
    );
    holds::<FlatTwice>(
        &[json!({ "kind": "empty", "t": "Text", "c": "a" })],
        &[json!({ "kind": "empty" }), json!({ "kind": "empty", "t": "Text" })],
    );
    holds::<FlatExternal>(&[json!({ "id": 1 }), json!({ "id": 1, "Circle": 2 })], &[json!({ "id": 1, "Oval": 2 })]);
    holds::<FlatMap>(&[json!({ "id": 1, "a": 2 })], &[json!({ "id": 1, "a": 256 }), json!({ "a": 1 })]);
    holds::<FlatAny>(&[json!({ "id": 1, "a": [null] })], &[json!({ "id": "1" })]);
}
