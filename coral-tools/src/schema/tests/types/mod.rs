//! A table of types: each schema is in the supported subset, accepts valid values and rejects invalid ones.

#![allow(dead_code, reason = "only serde reads the fields")]

mod collections;
mod constrained;
mod enums;
mod flattened;
mod foreign;
mod recursive;
mod scalars;
mod structs;

use std::fmt::Debug;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::lint::lint_root;
use super::nulls::{passes_agree, with_nulls};
use super::{InputSchema, Maybe, One, input, optional, read, value_of};

/// Checks that the schema is in the supported subset, that `good` values are accepted and `bad` ones are not, and that the
/// crate `jsonschema` agrees.
pub(super) fn holds<T: JsonSchema + DeserializeOwned + Debug>(good: &[Value], bad: &[Value]) {
    holds_beyond::<T>(good, bad, &[]);
}

/// The same; a value `beyond` the schema is rejected by the type, or by a rule that only the description has.
pub(super) fn holds_beyond<T: JsonSchema + DeserializeOwned + Debug>(good: &[Value], bad: &[Value], beyond: &[Value]) {
    let schema = input::<T>();
    lint_root(schema.json());
    let root = Value::Object(schema.json().clone());
    let judge = jsonschema::draft202012::options().should_validate_formats(true).build(&root);
    let judge = judge.expect("the schema compiles");
    let name = std::any::type_name::<T>();
    assert_eq!(schema.probe::<One<T>>(), [], "{name}");
    for value in good {
        let read = value_of::<T>(&schema, value);
        assert!(read.is_ok(), "{name}: {value} gives {:?}", read.err());
        passes_agree_with_nulls::<T>(&schema, value);
        let strict = without_nulls(value);
        assert!(judge.is_valid(&json!({ "value": strict })), "{name}: jsonschema refuses {value} by {root}");
    }
    for value in bad.iter().chain(beyond) {
        assert!(value_of::<T>(&schema, value).is_err(), "{name}: {value} is read");
        let is_beyond = judge.is_valid(&json!({ "value": value }));
        assert_eq!(is_beyond, beyond.contains(value), "{name}: jsonschema disagrees about {value} by {root}");
    }
    lint_root(optional::<T>().json());
    let absent = read::<Maybe<T>>(&optional::<T>(), &json!({}));
    assert!(absent.is_ok_and(|maybe| maybe.value.is_none()), "{name} is not optional");
}

/// Checks that both passes agree about the value with `null` at each place, at each two places, and everywhere.
fn passes_agree_with_nulls<T: DeserializeOwned + Debug>(schema: &InputSchema, value: &Value) {
    let pairs = (0..16).flat_map(|a| (a..16).map(move |b| 1 << a | 1 << b));
    for places in pairs.chain([0, u64::MAX]) {
        passes_agree::<One<T>>(schema, &json!({ "value": with_nulls(value, places) }));
    }
}

/// Returns the value without `null` for absent fields, which the JSON Schema does not allow.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let present = map.iter().filter(|(_, value)| !value.is_null());
            present.map(|(key, value)| (key.clone(), without_nulls(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Fast,
    VerySlow,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Internal {
    Empty,
    Circle { radius: f64 },
    Wrapped(Point),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Text(String),
    Point { x: i32 },
}

#[derive(Debug, Deserialize, JsonSchema)]
enum External {
    Unit,
    /// A circle.
    Circle(f64),
    Pair(u8, String),
    Square {
        side: f64,
        label: Option<String>,
    },
}

#[derive(Debug, Deserialize, serde::Serialize, JsonSchema)]
struct Generic<T> {
    inner: T,
}
