//! Enums in every style.

#![allow(dead_code, reason = "only serde reads the fields")]

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::super::shown;
use super::{Adjacent, External, Internal, Mode, Point, holds};

#[derive(Debug, Deserialize, JsonSchema)]
enum Documented {
    /// As soon as possible.
    Now,
    /// Tomorrow, at noon.
    Later,
    Never,
}

#[test]
fn enumerations() {
    holds::<Mode>(&[json!("fast"), json!("very_slow")], &[json!("Fast"), json!(0), json!({ "fast": null })]);
    holds::<Documented>(&[json!("Now"), json!("Never")], &[json!("now"), json!(null)]);
    holds::<Option<Documented>>(&[json!("Now"), json!(null)], &[json!("Soon")]);
    holds::<Vec<Documented>>(&[json!(["Now", "Later"])], &[json!(["Now", ""])]);
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Narrowed {
    #[schemars(extend("enum" = ["a", "b", 1], "pattern" = "^a$"))]
    text: String,
}

#[test]
fn keywords_beside_an_enum_constrain_its_values() {
    assert_eq!(shown::<Narrowed>()["properties"]["text"]["enum"], json!(["a"]));
    holds::<Narrowed>(&[json!({ "text": "a" })], &[json!({ "text": "b" }), json!({ "text": 1 })]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Id(u32),
    Name(String),
    Point(Point),
}

#[test]
fn enums_with_data_in_every_style() {
    holds::<External>(
        &[
            json!("Unit"),
            json!({ "Circle": 1.5 }),
            json!({ "Pair": [1, "a"] }),
            json!({ "Square": { "side": 1, "label": null } }),
        ],
        &[
            json!("Circle"),
            json!({ "Circle": "1" }),
            json!({ "Circle": 1, "Pair": [] }),
            json!({ "Square": {} }),
            json!({}),
        ],
    );
    holds::<Internal>(
        &[
            json!({ "kind": "empty" }),
            json!({ "kind": "circle", "radius": 2 }),
            json!({ "kind": "wrapped", "x": 1, "y": 2.0 }),
        ],
        &[json!({ "kind": "oval" }), json!({ "radius": 2 }), json!({ "kind": "circle", "radius": 2, "extra": 1 })],
    );
    holds::<Adjacent>(
        &[json!({ "t": "Unit" }), json!({ "t": "Text", "c": "a" }), json!({ "c": { "x": 1 }, "t": "Point" })],
        &[json!({ "t": "Text" }), json!({ "t": "Text", "c": 1 }), json!({ "t": "Other" })],
    );
    holds::<Untagged>(
        &[json!(1), json!("a"), json!({ "x": 1, "y": 2 }), json!(3.0)],
        &[json!(-1), json!({ "x": 1 }), json!(null), json!(true)],
    );
    holds::<Option<Internal>>(&[json!(null), json!({ "kind": "empty" })], &[json!({})]);
    holds::<Result<u8, String>>(&[json!({ "Ok": 1 }), json!({ "Err": "a" })], &[json!({ "Ok": "a" })]);
}
