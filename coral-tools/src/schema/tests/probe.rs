//! Types that do not deserialize what their schema describes.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{One, input, of_struct, property, read};
use crate::schema::InputSchema;

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
struct Point {
    x: u8,
}

#[derive(Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
struct Name(String);

#[derive(Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
enum Documented {
    /// Fast.
    Fast,
    /// Slow.
    Slow,
}

/// Returns the locations of all problems of a parameter of type `T`.
fn probed<T: JsonSchema + DeserializeOwned>() -> Vec<String> {
    let problems = input::<T>().probe::<One<T>>();
    problems.iter().map(|problem| problem.path().to_owned()).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn maps_whose_keys_cannot_be_strings_are_rejected() {
    assert_eq!(probed::<BTreeMap<Point, u8>>(), ["value.*"]);
    assert_eq!(probed::<HashMap<(u8, u8), u8>>(), ["value.*"]);
    assert_eq!(probed::<HashMap<Vec<String>, u8>>(), ["value.*"]);
    assert_eq!(probed::<HashMap<(), u8>>(), ["value.*"]);
    assert_eq!(probed::<Vec<Option<HashMap<String, HashMap<Point, u8>>>>>(), ["value[].*.*"]);
    let problems = input::<HashMap<Point, u8>>().probe::<One<HashMap<Point, u8>>>();
    assert_eq!(
        problems[0].message(),
        "serde cannot read the keys of this map from JSON, whose keys are strings; use strings, or put key and value in a \
         struct and use a `Vec`. Integers are keys only outside of tagged, untagged and flattened types"
    );
    assert!(read::<One<HashMap<Point, u8>>>(&input::<HashMap<Point, u8>>(), &json!({ "value": { "a": 1 } })).is_err());
}

#[test]
fn maps_with_other_keys_are_accepted() {
    assert_eq!(probed::<HashMap<String, u8>>(), NONE);
    assert_eq!(probed::<HashMap<Name, u8>>(), NONE);
    assert_eq!(probed::<HashMap<Documented, u8>>(), NONE);
    assert_eq!(probed::<HashMap<char, u8>>(), NONE);
    assert_eq!(probed::<HashMap<i64, u8>>(), NONE);
    assert_eq!(probed::<HashMap<u128, u8>>(), NONE);
    assert_eq!(probed::<HashMap<bool, u8>>(), NONE);
    assert_eq!(probed::<HashMap<Option<String>, u8>>(), NONE);
    assert_eq!(probed::<HashMap<uuid::Uuid, u8>>(), NONE);
    assert_eq!(probed::<HashMap<chrono::NaiveDate, u8>>(), NONE);
    assert_eq!(probed::<HashMap<String, Value>>(), NONE);
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Tagged {
    Other,
    Numbered { names: HashMap<u8, String> },
}

/// A known fault of serde: it buffers the keys as strings.
#[test]
fn maps_with_integers_as_keys_are_rejected_in_tagged_enums() {
    assert_eq!(probed::<Tagged>(), ["value.names.*"]);
    let body = json!({ "value": { "kind": "Numbered", "names": { "1": "a" } } });
    assert!(read::<One<Tagged>>(&input::<Tagged>(), &body).is_err());
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Paging {
    offset: u32,
    limit: u32,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Cursor {
    after: String,
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Flat<T> {
    id: uuid::Uuid,
    limits: Option<u8>,
    #[serde(flatten)]
    rest: T,
}

#[test]
fn fields_of_a_flattened_option_that_need_each_other_are_rejected() {
    assert_eq!(probed::<Flat<Option<Paging>>>(), ["value.offset", "value.limit"]);
    assert_eq!(probed::<Flat<Option<Cursor>>>(), ["value.limit"]);
    assert_eq!(probed::<Vec<Flat<Flat2<Option<Cursor>>>>>(), ["value[].limit"]);
    let schema = of_struct::<Flat<Option<Paging>>>();
    let problems = schema.probe::<Flat<Option<Paging>>>();
    assert_eq!(problems[0].path(), "offset");
    assert_eq!(
        problems[0].message(),
        "serde drops this field if `limit` is missing, because both are fields of a flattened `Option`; make them an \
         `Option` each, or do not flatten the struct"
    );
    let id = uuid::Uuid::nil();
    let dropped: Flat<Option<Paging>> = read(&schema, &json!({ "id": id, "offset": 1 })).expect("serde accepts it");
    assert!(dropped.rest.is_none());
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Flat2<T> {
    name: String,
    #[serde(flatten)]
    rest: T,
}

#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
struct Optional {
    offset: Option<u32>,
    #[serde(default)]
    limit: u32,
}

/// It has no `Serialize`, so that its default is not in the schema.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct Hidden {
    #[serde(default)]
    offset: Plain,
    #[serde(default)]
    limit: Plain,
    /// Variants of it are tried, and lack fields of the name of another one.
    choice: Option<Choice>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct Plain {
    number: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum Choice {
    A { offset: u8 },
    B { limit: u8 },
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct OneField {
    inner: String,
}

#[test]
fn other_optional_and_flattened_fields_are_accepted() {
    assert_eq!(probed::<Flat<Option<OneField>>>(), NONE);
    assert_eq!(probed::<Flat<Option<Optional>>>(), NONE);
    assert_eq!(probed::<Flat<Optional>>(), NONE);
    assert_eq!(probed::<Flat<Paging>>(), NONE);
    assert_eq!(probed::<Hidden>(), NONE);
    assert_eq!(probed::<Optional>(), NONE);
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Renamed {
    #[schemars(rename = "b")]
    a: Option<u8>,
    c: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct WithoutDefault {
    #[serde(deserialize_with = "Option::deserialize")]
    a: Option<u8>,
    b: Option<u8>,
}

#[test]
fn fields_that_only_the_schema_has_or_only_serde_requires_are_rejected() {
    let problems = of_struct::<Renamed>().probe::<Renamed>();
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "`b`: the schema has this field, but serde does not read it; remove the attribute of schemars that renames it, \
          or use the same name in `#[serde(rename = \"…\")]`"
        ]
    );
    assert_eq!(probed::<Vec<Renamed>>(), ["value[].b"]);
    let problems = input::<Vec<WithoutDefault>>().probe::<One<Vec<WithoutDefault>>>();
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["`value[].a`: the field is optional in the schema, but serde requires it; add `#[serde(default)]`"]
    );
}

/// Reads only the last variant of its schema.
#[derive(Debug, Deserialize, JsonSchema)]
struct Lenient {
    #[schemars(with = "Either")]
    number: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    Text(String),
    Number(u8),
}

#[test]
fn fields_of_another_json_type_are_rejected() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Different {
        #[schemars(with = "String")]
        number: u8,
        unread: Option<uuid::Uuid>,
    }
    let problems = of_struct::<Different>().probe::<Different>();
    assert_eq!(
        problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["`number`: serde reads another JSON type than the schema has; describe it with `#[schemars(with = \"…\")]`"]
    );
    assert_eq!(probed::<Lenient>(), NONE);
}

/// The type of a value panics for any value that it does not expect.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Panics;

impl TryFrom<String> for Panics {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        assert_eq!(text, "expected");
        Ok(Self)
    }
}

#[test]
fn a_panic_of_a_type_is_not_a_problem() {
    assert_eq!(probed::<HashMap<Point, Panics>>(), ["value.*"], "the key is read first");
    assert_eq!(probed::<(Panics, HashMap<Point, u8>)>(), NONE);
}

#[test]
fn parameters_and_recursive_types_are_visited_once() {
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Node {
        below: Vec<Node>,
        above: Option<Box<Node>>,
        map: HashMap<Point, u8>,
    }
    #[derive(Debug, Deserialize)]
    struct Two {
        a: Node,
        b: HashMap<Point, u8>,
    }
    let properties = [property::<Node>("a", &[]), property::<HashMap<Point, u8>>("b", &[])];
    let schema = InputSchema::from_properties(&properties).expect("a schema");
    let paths: Vec<_> = schema.probe::<Two>().iter().map(|problem| problem.path().to_owned()).collect();
    assert_eq!(paths, ["a.map.*", "b.*"]);
}
