//! Complete JSON Schemas.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::lint::lint_root;
use super::{Constraint, InputSchema, Property, input, of_struct, property, shown};
use crate::schema::Bound;

/// How soon.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Urgency {
    /// Today.
    High,
    /// Whenever
    /// there is time.
    Low,
}

#[test]
fn documented_and_constrained_arguments() {
    let content = Property {
        description: "The report content, in Markdown.",
        ..property::<String>("content", &[Constraint::MinLength(1)])
    };
    let urgency =
        Property { optional: true, default: Some(json!("low")), ..property::<Option<Urgency>>("urgency", &[]) };
    let pages = Property {
        optional: true,
        example: Some(json!(3)),
        ..property::<Option<u16>>("pages", &[Constraint::Minimum(Bound::Int(1)), Constraint::Maximum(Bound::Int(20))])
    };
    let schema = InputSchema::from_properties(&[content, urgency, pages]).expect("a schema");
    lint_root(schema.json());
    let expected = json!({
        "type": "object",
        "properties": {
            "content": {
                "type": "string",
                "minLength": 1,
                "description": "The report content, in Markdown. At least 1 character.",
            },
            "urgency": {
                "type": "string",
                "enum": ["high", "low"],
                "description": "How soon. One of: `high` (Today), `low` (Whenever there is time). Default: `\"low\"`.",
                "default": "low",
            },
            "pages": {
                "type": "integer",
                "minimum": 1,
                "maximum": 20,
                "description": "Between 1 and 20. Example: `3`.",
                "examples": [3],
            },
        },
        "required": ["content"],
    });
    assert_eq!(Value::Object(schema.json().clone()), expected);
    let order: Vec<_> = schema.json()["properties"].as_object().expect("fields").keys().collect();
    assert_eq!(order, ["content", "urgency", "pages"]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Shape {
    /// Round.
    Circle {
        /// In metres.
        radius: f64,
    },
    Empty,
}

#[test]
fn a_tagged_enum() {
    let expected = json!({
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "kind": { "type": "string", "enum": ["circle"], "description": "Always `circle`." },
                    "radius": { "type": "number", "description": "In metres." },
                },
                "required": ["kind", "radius"],
                "additionalProperties": false,
                "description": "Round.",
            },
            {
                "type": "object",
                "properties": { "kind": { "type": "string", "enum": ["empty"], "description": "Always `empty`." } },
                "required": ["kind"],
                "additionalProperties": false,
            },
        ],
    });
    assert_eq!(shown::<Shape>(), expected);
}

#[test]
fn descriptions_state_rules_without_a_keyword() {
    assert_eq!(
        shown::<(String, u64)>(),
        json!({
            "type": "array",
            "items": { "anyOf": [{ "type": "string" }, { "type": "integer", "minimum": 0, "description": "At least 0." }] },
            "minItems": 2,
            "maxItems": 2,
            "description": "Exactly 2 items, in this order: 1. a string; 2. an integer of at least 0.",
        })
    );
    assert_eq!(
        shown::<BTreeMap<u32, bool>>(),
        json!({
            "type": "object",
            "properties": {},
            "required": [],
            "additionalProperties": { "type": "boolean" },
            "description": "Each key is a non-negative integer in quotes.",
        })
    );
}

#[test]
fn integers_of_each_width() {
    assert_eq!(
        shown::<u8>(),
        json!({ "type": "integer", "minimum": 0, "maximum": 255, "description": "Between 0 and 255." })
    );
    assert_eq!(shown::<i32>(), json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }));
    assert_eq!(shown::<i64>(), json!({ "type": "integer" }));
    assert_eq!(shown::<u64>(), json!({ "type": "integer", "minimum": 0, "description": "At least 0." }));
    assert_eq!(shown::<f32>(), json!({ "type": "number" }));
}

/// A place.
#[derive(Debug, Deserialize, JsonSchema)]
struct Node {
    /// The nodes below.
    #[serde(default)]
    below: Vec<Node>,
}

#[test]
fn a_recursive_input() {
    let below = json!({
        "type": "array",
        "items": { "$ref": "#/$defs/Node" },
        "description": "The nodes below. Default: `[]`.",
        "default": [],
    });
    let schema = of_struct::<Node>();
    lint_root(schema.json());
    let expected = json!({
        "type": "object",
        "properties": { "below": below },
        "required": [],
        "$defs": {
            "Node": {
                "type": "object",
                "properties": { "below": below },
                "required": [],
                "additionalProperties": false,
                "description": "A place.",
            },
        },
    });
    assert_eq!(Value::Object(schema.json().clone()), expected);
}

impl serde::Serialize for Node {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// The first line.
///
/// * a list
/// * of two
#[derive(Debug, Deserialize, JsonSchema)]
struct Markdown(#[schemars(length(min = 1))] String);

#[test]
fn markdown_descriptions_are_kept() {
    let description = "The first line.\n\n* a list\n* of two\n\nAt least 1 character.";
    assert_eq!(shown::<Markdown>(), json!({ "type": "string", "minLength": 1, "description": description }));
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Site {
    /// Of the field.
    documented: Documented,
    plain: Documented,
    maybe: Option<Documented>,
}

/// Of the type.
#[derive(Debug, Deserialize, JsonSchema)]
struct Documented {
    x: bool,
}

#[test]
fn the_most_specific_documentation_is_used() {
    let schema = of_struct::<Site>();
    let described = |name: &str| schema.json()["properties"][name]["description"].clone();
    assert_eq!(described("documented"), "Of the field.");
    assert_eq!(described("plain"), "Of the type.");
    assert_eq!(described("maybe"), "Of the type.");
    assert_eq!(schema.json()["properties"]["maybe"]["type"], "object");
}

#[test]
fn a_tool_without_arguments() {
    let schema = InputSchema::from_properties(&[]).expect("a schema");
    let expected = json!({ "type": "object", "properties": {}, "required": [] });
    assert_eq!(Value::Object(schema.json().clone()), expected);
    lint_root(input::<Value>().json());
}

#[derive(Debug, Deserialize, serde::Serialize, JsonSchema)]
#[serde(default)]
struct Tuning {
    ratio: f32,
    label: Option<String>,
    rounds: u8,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { ratio: 0.1, label: None, rounds: 3 }
    }
}

#[test]
fn defaults_have_the_digits_of_their_type() {
    let schema = of_struct::<Tuning>();
    lint_root(schema.json());
    let expected = json!({
        "ratio": { "type": "number", "description": "Default: `0.1`.", "default": 0.1 },
        "label": { "type": "string" },
        "rounds": {
            "type": "integer",
            "minimum": 0,
            "maximum": 255,
            "description": "Between 0 and 255. Default: `3`.",
            "default": 3,
        },
    });
    assert_eq!(schema.json()["properties"], expected);
    assert_eq!(schema.json()["required"], json!([]));
    let result = super::output::<Tuning>();
    assert!(result.json()["properties"]["rounds"].get("default").is_none());
}
