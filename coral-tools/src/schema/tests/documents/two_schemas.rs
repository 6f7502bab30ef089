//! Two schemas of one value, which `allOf` applies at once.

use serde_json::{Value, json};

use super::{check, of_argument};

#[test]
fn of_two_schemas_that_apply_at_once_both_are_enforced() {
    let integer = |keyword: &str, value: u8| json!({"type": "integer", keyword: value});
    let string = |keyword: &str, value: u8| json!({"type": "string", keyword: value});
    let array = |keyword: &str, value: Value| json!({"type": "array", "items": {"type": "integer"}, keyword: value});
    let map =
        |additional: Value| json!({"type": "object", "properties": {"a": {}}, "additionalProperties": additional});
    let field = |keyword: &str| json!({"type": "object", "properties": {"a": integer(keyword, 3)}});
    for (a, b, good, bad) in [
        (json!({"type": "number"}), json!({"type": "integer"}), json!(2), json!(1.5)),
        (json!({"type": ["string", "integer"]}), json!({"type": ["integer", "boolean"]}), json!(2), json!("a")),
        (json!({"type": ["string", "integer"]}), json!({"type": ["integer", "boolean"]}), json!(2), json!(true)),
        (json!({"enum": [1, 2]}), json!({"enum": [2, 3]}), json!(2), json!(1)),
        (json!({"enum": [1, 2]}), json!({"enum": [2, 3]}), json!(2), json!(3)),
        (integer("minimum", 1), integer("minimum", 3), json!(3), json!(2)),
        (integer("maximum", 3), integer("maximum", 1), json!(1), json!(2)),
        (integer("exclusiveMinimum", 1), integer("exclusiveMinimum", 3), json!(4), json!(3)),
        (integer("exclusiveMaximum", 3), integer("exclusiveMaximum", 1), json!(0), json!(1)),
        (integer("minimum", 1), integer("multipleOf", 3), json!(3), json!(2)),
        (string("minLength", 1), string("minLength", 2), json!("ab"), json!("a")),
        (string("maxLength", 2), string("maxLength", 1), json!("a"), json!("ab")),
        (array("minItems", json!(1)), array("minItems", json!(2)), json!([1, 1]), json!([1])),
        (array("maxItems", json!(2)), array("maxItems", json!(1)), json!([1]), json!([1, 1])),
        (array("uniqueItems", json!(true)), array("uniqueItems", json!(false)), json!([1, 2]), json!([1, 1])),
        (string("minLength", 1), json!({"type": "string", "pattern": "^a", "minLength": 1}), json!("a"), json!("b")),
        (map(json!(true)), map(json!(false)), json!({"a": 1}), json!({"b": 1})),
        (map(json!(true)), map(integer("minimum", 3)), json!({"b": 3}), json!({"b": 2})),
        (map(json!(false)), map(integer("minimum", 3)), json!({"a": 3}), json!({"b": 3})),
        (map(integer("maximum", 3)), map(integer("minimum", 3)), json!({"b": 3}), json!({"b": 2})),
        (map(integer("maximum", 3)), map(integer("minimum", 3)), json!({"b": 3}), json!({"b": 4})),
        (field("minimum"), field("maximum"), json!({"a": 3}), json!({"a": 2})),
        (field("minimum"), field("maximum"), json!({"a": 3}), json!({"a": 4})),
        (field("minimum"), field("minimum"), json!({"a": 3}), json!({"a": 2})),
    ] {
        check(&json!({ "allOf": [a, b] }), &good, &bad);
        check(&json!({ "allOf": [b, a] }), &good, &bad);
    }
}

#[test]
fn a_schema_that_applies_twice_is_the_same_schema() {
    for (schema, good, bad) in [
        (json!({"type": "string", "pattern": "^a"}), json!("a"), json!("b")),
        (json!({"type": "string", "format": "date"}), json!("2026-01-31"), json!("2026-02-31")),
        (json!({"type": "integer", "multipleOf": 2}), json!(4), json!(3)),
    ] {
        check(&json!({ "allOf": [schema, schema] }), &good, &bad);
    }
}

#[test]
fn two_schemas_that_no_value_satisfies_are_rejected() {
    for (a, b, keyword) in [
        (json!({"type": "string"}), json!({"type": "integer"}), "type"),
        (json!({"type": "number"}), json!({"type": "string"}), "type"),
        (json!({"enum": [1, 2]}), json!({"enum": [3]}), "enum"),
        (json!({"type": "string", "pattern": "^a"}), json!({"type": "string", "pattern": "b$"}), "pattern"),
        (json!({"type": "string", "format": "date"}), json!({"type": "string", "format": "time"}), "format"),
    ] {
        let message =
            format!("`value`: two schemas that apply at once have a different `{keyword}`; define a separate type");
        assert_eq!(of_argument(&json!({ "allOf": [a, b] })).expect_err("a conflict"), [message]);
    }
}

/// Of two variants that apply at once, the first one describes the value.
#[test]
fn annotations_of_two_schemas_do_not_conflict() {
    let variants = |text: &str, example: &str, other: &str| {
        let string = json!({"type": "string", "description": text, "default": example, "examples": [example]});
        json!({"anyOf": [string, {"type": other}]})
    };
    let both = json!({"allOf": [variants("First.", "a", "integer"), variants("Second.", "b", "boolean")]});
    let shown = of_argument(&both).expect("a schema").json()["properties"]["value"].to_string();
    assert!(shown.contains("First.") && !shown.contains("Second."), "{shown}");
    assert!(shown.contains(r#""default":"a""#) && shown.contains(r#""examples":["a"]"#), "{shown}");
}
