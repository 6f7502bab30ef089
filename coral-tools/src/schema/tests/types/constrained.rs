//! Constraints in attributes of a type.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::num::NonZeroI32;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::holds;

#[derive(Debug, Deserialize, JsonSchema)]
struct Limits {
    #[schemars(range(min = 1, max = 10))]
    count: i64,
    #[schemars(length(min = 1, max = 3))]
    name: String,
    #[schemars(regex(pattern = r"^[a-z]+$"))]
    slug: Option<String>,
    #[schemars(length(min = 1), inner(length(min = 2)))]
    tags: Vec<String>,
    #[schemars(range(max = 5))]
    never_zero: Option<NonZeroI32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Validated {
    #[validate(length(min = 2), email)]
    email: String,
    #[garde(range(min = 18))]
    age: u8,
}

#[test]
fn constraints_on_a_type() {
    let good = json!({ "count": 1, "name": "abc", "slug": "a", "tags": ["ab"], "never_zero": -7 });
    let with = |key: &str, value: Value| {
        let mut changed = good.clone();
        changed[key] = value;
        changed
    };
    holds::<Limits>(
        &[good.clone(), with("slug", json!(null)), with("count", json!(10.0))],
        &[
            with("count", json!(0)),
            with("name", json!("")),
            with("name", json!("abcd")),
            with("slug", json!("A1")),
            with("tags", json!([])),
            with("tags", json!(["a"])),
            with("never_zero", json!(6)),
            with("never_zero", json!(0)),
        ],
    );
    holds::<Validated>(
        &[json!({ "email": "a@b", "age": 18 })],
        &[json!({ "email": "a@b", "age": 17 }), json!({ "email": "a", "age": 18 })],
    );
}
