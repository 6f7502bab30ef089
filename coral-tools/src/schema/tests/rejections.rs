//! Types that a tool's schema cannot express: the error has the location and a fix.

#![allow(dead_code, reason = "only the schemas matter")]

use std::collections::HashMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{InputSchema, OutputSchema, property, schema_fn, try_constrained};
use crate::schema::SchemaFn;

fn reported(schema: SchemaFn) -> String {
    let problems = InputSchema::from_type(schema).expect_err("the type should be rejected");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Root {
    A { x: u8 },
    B,
}

#[derive(Deserialize, JsonSchema)]
struct Open {
    a: u8,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

#[derive(Deserialize, JsonSchema)]
struct FlatRoot {
    a: u8,
    #[serde(flatten)]
    root: Root,
}

#[test]
fn roots_that_are_not_structs_are_rejected() {
    let union = "a tool's input must be a struct at the top level; put the enum in a field";
    assert_eq!(reported(schema_fn::<Root>()), union);
    assert_eq!(reported(schema_fn::<FlatRoot>()), union);
    assert_eq!(reported(schema_fn::<Option<Open>>()).split(';').next(), union.split(';').next());
    assert!(reported(schema_fn::<HashMap<String, u8>>()).contains("cannot have arbitrary keys"));
    assert!(reported(schema_fn::<Open>()).contains("cannot have arbitrary keys"));
    for other in [schema_fn::<u8>(), schema_fn::<Vec<u8>>(), schema_fn::<Value>(), schema_fn::<()>()] {
        assert!(reported(other).contains("must be an object at the top level"));
    }
}

#[derive(Deserialize, JsonSchema)]
enum Never {}

#[derive(Deserialize, JsonSchema)]
struct Loop(Box<Loop>);

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Knot {
    Again(Box<Knot>),
    End(u8),
}

fn rejection<T: JsonSchema>() -> String {
    let problems = try_constrained::<T>(&[]).expect_err("the type should be rejected");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn types_without_values_are_rejected() {
    assert_eq!(rejection::<Never>(), "`value`: no value is valid for this type; add at least one variant");
    assert!(rejection::<Loop>().contains("contains itself directly"));
    assert!(rejection::<Knot>().contains("contains itself directly"));
}

/// A schema written by hand; its location is `value.field[]`.
macro_rules! by_hand {
    ($name:ident, $schema:tt) => {
        struct $name;
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

#[derive(JsonSchema)]
struct Holder<T> {
    field: Vec<T>,
}

#[test]
fn unsupported_schemas_are_rejected() {
    by_hand!(Conditional, { "type": "object", "properties": { "a": { "type": "string" } }, "if": {}, "then": {} });
    by_hand!(Negated, { "type": "string", "not": { "const": "a" } });
    by_hand!(Untyped, { "minimum": 1 });
    by_hand!(Dangling, { "$ref": "#/$defs/Nowhere" });
    by_hand!(Both, { "allOf": [{ "type": "string" }, { "type": "integer" }] });
    by_hand!(Empty, { "type": "integer", "minimum": 5, "maximum": 4 });
    by_hand!(Pattern, { "type": "string", "pattern": "(?=a)" });
    by_hand!(Ragged, { "type": "array", "prefixItems": [{ "type": "string" }] });
    by_hand!(Alien, { "type": "integr" });
    by_hand!(Ghost, { "type": "object", "properties": {}, "required": ["ghost"] });
    by_hand!(Fixed, { "enum": [[1], [2]] });
    by_hand!(Nothing, { "anyOf": [] });
    by_hand!(Impossible, { "not": {} });
    by_hand!(Half, { "type": "array", "items": { "type": "string" }, "minItems": 1.5 });
    by_hand!(Worded, { "type": "integer", "minimum": "1" });
    by_hand!(Outside, { "type": "string", "enum": ["a", "b"], "minLength": 2 });
    let messages = [
        (rejection::<Holder<Conditional>>(), "`if` is not supported"),
        (rejection::<Holder<Negated>>(), "`not` is not supported"),
        (rejection::<Holder<Untyped>>(), "has `minimum` but no `type`"),
        (rejection::<Holder<Dangling>>(), "has no definition"),
        (rejection::<Holder<Both>>(), "have a different `type`"),
        (rejection::<Holder<Empty>>(), "exclude every number"),
        (rejection::<Holder<Pattern>>(), "`pattern` is not valid"),
        (rejection::<Holder<Ragged>>(), "varying length"),
        (rejection::<Holder<Alien>>(), "`integr`"),
        (rejection::<Holder<Ghost>>(), "`ghost` is in `required` but not in `properties`"),
        (rejection::<Holder<Fixed>>(), "an array or object are not supported"),
        (rejection::<Holder<Nothing>>(), "no value is valid"),
        (rejection::<Holder<Impossible>>(), "`not` is not supported"),
        (rejection::<Holder<Half>>(), "`minItems` must be a non-negative integer"),
        (rejection::<Holder<Worded>>(), "`minimum` must be a number"),
        (rejection::<Holder<Outside>>(), "no value is valid"),
    ];
    for (message, part) in messages {
        assert!(message.starts_with("`value.field[]") && message.contains(part), "{message}");
    }
}

#[derive(JsonSchema)]
struct Twice<T> {
    a: T,
    b: T,
}

type Four<T> = Twice<Twice<Twice<Twice<T>>>>;

#[test]
fn exponential_types_are_rejected() {
    let message = rejection::<Four<Four<Four<Four<u8>>>>>();
    assert!(message.contains("nodes or more"), "{message}");
    type Deep<T> = Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<T>>>>>>>>;
    assert!(rejection::<Deep<Deep<Deep<Deep<u8>>>>>().contains("nested more than 30 levels deep"));
}

#[test]
fn all_problems_are_reported_at_once() {
    let properties =
        [property::<Never>("a", &[]), property::<Loop>("b", &[]), property::<u8>("c", &[]), property::<u8>("c", &[])];
    let problems = InputSchema::from_properties(&properties).expect_err("three mistakes");
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[derive(Serialize, JsonSchema)]
struct Outcome {
    never: Option<Loop2>,
}

#[derive(Serialize, JsonSchema)]
struct Loop2(Box<Loop2>);

#[test]
fn result_types_are_rejected_alike() {
    assert!(OutputSchema::from_type(schema_fn::<Outcome>()).is_err());
}
