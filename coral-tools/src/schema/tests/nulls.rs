//! The meaning of `null`, which does not depend on the rest of the call.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::prelude::*;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::{InputSchema, Property, messages, of_struct, property, read};
use crate::Nullable;
use crate::schema::read::{read_parsed, read_streaming};

/// Without `Serialize`, so that a default of this type is not shown.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
struct Sort {
    by: String,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Query {
    filter: Option<String>,
    #[serde(default, deserialize_with = "present")]
    owner: Option<Option<String>>,
    #[serde(default)]
    state: Nullable<String>,
    #[serde(default = "ten")]
    limit: u8,
    #[serde(default = "yes")]
    exact: Option<bool>,
    sort: Option<Sort>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    labels: BTreeMap<String, Option<u8>>,
    page: Option<Page>,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Page {
    Number {
        number: u8,
        #[serde(default = "ten")]
        size: u8,
    },
    Cursor {
        cursor: Option<String>,
        #[serde(default)]
        before: Nullable<String>,
    },
}

fn ten() -> u8 {
    10
}

#[expect(clippy::unnecessary_wraps, reason = "the type of the field")]
fn yes() -> Option<bool> {
    Some(true)
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn query(body: &Value) -> Query {
    read(&of_struct::<Query>(), body).expect("valid arguments")
}

#[test]
fn null_is_absent_and_a_default_applies() {
    let absent = query(&json!({}));
    assert_eq!((absent.limit, absent.exact, &absent.tags), (10, Some(true), &vec![]));
    let null = json!({ "filter": null, "limit": null, "exact": null, "sort": null, "tags": null, "page": null });
    assert_eq!(query(&null), absent);
}

#[test]
fn null_of_a_nullable_field_is_a_value_whatever_else_is_null() {
    for other in [json!({}), json!({ "limit": null }), json!({ "exact": null, "tags": null })] {
        let mut body = other.clone();
        body["state"] = json!(null);
        body["owner"] = json!(null);
        let read = query(&body);
        assert_eq!((read.state, read.owner), (Nullable::Null, Some(None)), "{body}");
        let absent = query(&other);
        assert_eq!((absent.state, absent.owner), (Nullable::Absent, None), "{other}");
    }
    let page = json!({ "page": { "before": null, "kind": "cursor", "cursor": null } });
    let before = Nullable::Null;
    assert_eq!(query(&page).page, Some(Page::Cursor { cursor: None, before }));
}

#[test]
fn a_nullable_field_shows_null() {
    let schema = of_struct::<Query>();
    let state = &schema.json()["properties"]["state"];
    assert_eq!(*state, json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }));
    assert_eq!(schema.json()["required"], json!([]));
    let warned: Vec<_> = schema.warnings().iter().map(|warning| warning.path().to_owned()).collect();
    assert_eq!(warned, ["state", "page.before"]);
    let reported = messages::<Query>(&schema, r#"{"state": 1}"#);
    assert_eq!(reported, ["`state` must be a string, or null, not a number"]);
}

#[test]
fn entries_of_a_map_keep_null() {
    let labels = query(&json!({ "labels": { "a": null, "b": 1 }, "limit": null })).labels;
    assert_eq!(labels, BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some(1))]));
}

/// As the macro reads `#[arg(default = …)] sort: Option<Sort>`, whose default is not shown.
#[derive(Debug, PartialEq, Deserialize)]
struct Sorted {
    #[serde(default = "newest")]
    sort: Option<Sort>,
    #[serde(default = "ten")]
    limit: u8,
}

#[expect(clippy::unnecessary_wraps, reason = "the type of the field")]
fn newest() -> Option<Sort> {
    Some(Sort { by: "new".to_owned() })
}

#[test]
fn null_of_a_parameter_with_a_default_that_is_not_shown_is_the_default() {
    let sort = Property { optional: true, has_default: true, ..property::<Option<Sort>>("sort", &[]) };
    let limit =
        Property { optional: true, has_default: true, default: Some(json!(10)), ..property::<u8>("limit", &[]) };
    let schema = InputSchema::from_properties(&[sort, limit]).expect("a schema");
    for body in [json!({}), json!({ "sort": null }), json!({ "sort": null, "limit": null })] {
        assert_eq!(read::<Sorted>(&schema, &body).expect("valid").sort, newest(), "{body}");
    }
}

/// Checks that both passes read the body as the same value, if the first one reads it at all.
pub(super) fn passes_agree<T: DeserializeOwned + Debug>(schema: &InputSchema, body: &Value) {
    let text = body.to_string();
    let parsed = read_parsed::<T>(&schema.tree, text.as_bytes()).ok();
    if let Ok(streamed) = read_streaming::<T>(&schema.tree, text.as_bytes()) {
        assert_eq!(Some(debug_lines(&streamed)), parsed.as_ref().map(debug_lines), "{text}");
    }
    let read = schema.read::<T>(text.as_bytes()).ok();
    assert_eq!(read.is_some(), parsed.is_some(), "{text}");
}

/// Returns the lines of a value in one order, because maps have any.
fn debug_lines<T: Debug>(value: &T) -> Vec<String> {
    let mut lines: Vec<_> = format!("{value:#?}").lines().map(|line| line.trim().to_owned()).collect();
    lines.sort_unstable();
    lines
}

/// Returns the value with `null` at the places whose bit is set. Places are counted from the outside to the inside.
pub(super) fn with_nulls(value: &Value, places: u64) -> Value {
    fn replace(value: &Value, place: &mut u32, places: u64) -> Value {
        let is_null = *place < 64 && places & (1 << *place) != 0;
        *place += 1;
        match value {
            _ if is_null => Value::Null,
            Value::Array(items) => items.iter().map(|item| replace(item, place, places)).collect(),
            Value::Object(map) => {
                let members = map.iter().map(|(key, value)| (key.clone(), replace(value, place, places)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }
    replace(value, &mut 0, places)
}

proptest! {
    #[test]
    fn both_passes_agree_about_null_at_any_place(places in any::<u64>(), kind in any::<bool>()) {
        let page = match kind {
            true => json!({ "size": 3, "kind": "number", "number": 2 }),
            false => json!({ "kind": "cursor", "cursor": "c", "before": "b" }),
        };
        let body = json!({
            "filter": "f", "owner": "o", "state": "s", "limit": 3, "exact": false, "sort": { "by": "b" }, "tags": ["t"],
            "labels": { "l": 1 }, "page": page,
        });
        passes_agree::<Query>(&of_struct::<Query>(), &with_nulls(&body, places & !1));
    }
}
