//! JSON Schemas of tools made at run time.

use serde_json::{Value, json};

use super::{InputSchema, read};

/// The schema of a tool with one argument.
fn of_argument(schema: &Value) -> Result<InputSchema, Vec<String>> {
    let document = json!({"type": "object", "properties": {"value": schema}, "required": ["value"]});
    InputSchema::from_document(&document).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// Whether the argument is accepted.
fn accepts(schema: &InputSchema, value: &Value) -> bool {
    read::<Value>(schema, &json!({ "value": value })).is_ok()
}

#[test]
fn the_values_of_an_enum_are_compared_by_value() {
    for (values, good, bad) in [
        (json!([true]), json!(true), json!(false)),
        (json!([1, 2]), json!(2.0), json!(3)),
        (json!([1.5]), json!(1.5), json!(1)),
        (json!(["a", "b"]), json!("b"), json!("c")),
    ] {
        let schema = of_argument(&json!({ "enum": values })).expect("a schema");
        assert!(accepts(&schema, &good), "{good}");
        assert!(!accepts(&schema, &bad), "{bad}");
    }
}

#[test]
fn the_type_of_an_enum_is_that_of_its_values() {
    for (values, name) in [(json!([1, 2]), "integer"), (json!([1.5]), "number"), (json!([true]), "boolean")] {
        let schema = of_argument(&json!({ "enum": values })).expect("a schema");
        assert_eq!(schema.json()["properties"]["value"]["type"], name, "{values}");
    }
}

#[test]
fn a_keyword_without_effect_is_rejected_at_its_place() {
    let problems = of_argument(&json!({"type": "array", "items": {"type": "string", "minLenght": 1}}));
    let problems = problems.expect_err("an unknown keyword");
    assert!(problems[0].contains("minLenght") && problems[0].contains("value[]"), "{problems:?}");
}
