//! How the first pass selects the variant of a union and finds the value of an enum: only then it buffers and compares little.

#![allow(dead_code, reason = "only the schemas matter")]

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{InputSchema, One, input, of_struct};
use crate::schema::read::read_streaming;
use crate::schema::tree::node::{NodeKind, ObjectSelector, SchemaNode};

/// Returns the node of the only argument.
fn node(schema: InputSchema) -> SchemaNode {
    let NodeKind::Object(object) = schema.tree.root.kind else { panic!("the arguments are an object") };
    object.fields.into_iter().next().expect("an argument").node
}

fn selector<T: JsonSchema>() -> ObjectSelector {
    match node(input::<T>()).kind {
        NodeKind::Union(union) => union.selector,
        other => panic!("not a union: {other:?}"),
    }
}

#[derive(Deserialize, JsonSchema)]
struct Point {
    x: u8,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum PointOrNumber {
    Point(Point),
    Number(u8),
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Tagged {
    A { x: u8 },
    B { x: u8 },
}

#[derive(Deserialize, JsonSchema)]
enum Keyed {
    A { x: u8 },
    B { x: u8 },
    C,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum Untagged {
    A { x: u8, y: u8 },
    B { x: u8 },
}

/// Each variant has one key that may be absent, which does not select it.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum OptionalKeys {
    A { x: Option<u8> },
    B { y: Option<u8> },
}

#[test]
fn a_variant_is_selected_by_its_type_its_tag_or_its_key() {
    assert!(matches!(selector::<PointOrNumber>(), ObjectSelector::Only(0)));
    assert!(matches!(selector::<Tagged>(), ObjectSelector::Tag(name) if name == "kind"));
    assert!(matches!(selector::<Keyed>(), ObjectSelector::Key));
    assert!(matches!(selector::<Untagged>(), ObjectSelector::Attempts));
    assert!(matches!(selector::<OptionalKeys>(), ObjectSelector::Attempts));
}

#[test]
fn the_values_of_a_long_enum_are_hashed() {
    let hashed = |count: u8| {
        let values: Vec<_> = (0..count).map(|index| format!("v{index}")).collect();
        let document = json!({"type": "object", "properties": {"value": { "enum": values }}});
        match node(InputSchema::from_document(&document).expect("a schema")).kind {
            NodeKind::Enum(enum_schema) => enum_schema.lookup.len(),
            other => panic!("not an enum: {other:?}"),
        }
    };
    assert_eq!([hashed(1), hashed(16), hashed(17)], [0, 0, 17]);
}

#[derive(Deserialize, JsonSchema)]
struct Lists {
    tagged: Vec<Tagged>,
    keyed: Vec<Keyed>,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Scalar {
    Flag(bool),
    Number(u8),
    Text(String),
    Nothing(()),
}

#[test]
fn an_object_with_a_tag_or_a_key_is_read_in_the_first_pass() {
    let body = r#"{
        "tagged": [{"kind": "A", "x": 1}, {"x": 1, "kind": "B"}],
        "keyed": [{"A": {"x": 1}}, {"B": {"x": 1}}, "C"]
    }"#;
    assert!(read_streaming::<Lists>(&of_struct::<Lists>().tree, body.as_bytes()).is_ok());
}

#[test]
fn scalars_of_a_union_are_read_in_the_first_pass() {
    let schema = input::<Scalar>();
    for (value, expected) in [
        ("true", Scalar::Flag(true)),
        ("5", Scalar::Number(5)),
        ("5.0", Scalar::Number(5)),
        ("\"a\"", Scalar::Text("a".to_owned())),
        ("null", Scalar::Nothing(())),
    ] {
        let read = read_streaming::<One<Scalar>>(&schema.tree, format!("{{\"value\": {value}}}").as_bytes());
        assert_eq!(read.expect("a scalar").value, expected);
    }
}
