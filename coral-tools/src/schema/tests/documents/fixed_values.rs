//! Schemas with `enum` and `const`.

use serde_json::{Value, json};

use super::{accepts, check, of_argument};
use crate::schema::tests::messages;

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
fn a_value_that_an_enum_does_not_list_is_reported() {
    for (values, wrong, other, reported) in [
        (json!([1, 2]), "3", "\"1\"", "one of `1`, `2`"),
        (json!([1.5, 2.5]), "2", "null", "one of `1.5`, `2.5`"),
        (json!([true]), "false", "1", "`true`"),
        (json!(["a", "b"]), "\"c\"", "[]", "one of `a`, `b`"),
    ] {
        let schema = of_argument(&json!({ "enum": values })).expect("a schema");
        let reported = format!("`value` must be {reported}");
        let body = |value: &str| format!("{{\"value\": {value}}}");
        assert_eq!(messages::<Value>(&schema, &body(wrong)), [reported.as_str()]);
        let of_another_type = messages::<Value>(&schema, &body(other));
        assert!(
            of_another_type[0].starts_with(&format!("{reported}, not a")) || other == "null",
            "{of_another_type:?}"
        );
        // Only the other problem is reported beside a value that is listed.
        for value in values.as_array().expect("values") {
            let body = format!("{{\"value\": {value}, \"unknown\": 1}}");
            assert_eq!(messages::<Value>(&schema, &body), ["unknown argument `unknown`"]);
        }
    }
}

#[test]
fn integers_of_an_enum_are_numbers_in_a_union() {
    let schema =
        of_argument(&json!({ "anyOf": [{ "enum": [1, 2] }, {"type": "array", "items": {"type": "boolean"}}] }));
    let schema = schema.expect("a schema");
    for value in [json!(1), json!(2.0), json!([true])] {
        assert!(accepts(&schema, &value), "{value}");
    }
    for value in [json!(3), json!("1"), json!([1])] {
        assert!(!accepts(&schema, &value), "{value}");
    }
}

#[test]
fn the_type_of_an_enum_is_that_of_its_values() {
    for (values, name) in [(json!([1, 2]), "integer"), (json!([1.5]), "number"), (json!([true]), "boolean")] {
        let schema = of_argument(&json!({ "enum": values })).expect("a schema");
        assert_eq!(schema.json()["properties"]["value"]["type"], name, "{values}");
    }
    let schema = of_argument(&json!({"enum": ["a", 1, "b", 1.5, true]})).expect("a schema");
    let variants = schema.json()["properties"]["value"]["anyOf"].as_array().expect("variants").iter();
    let variants: Vec<_> = variants.map(|variant| (variant["type"].clone(), variant["enum"].clone())).collect();
    let expected =
        [("string", json!(["a", "b"])), ("integer", json!([1])), ("number", json!([1.5])), ("boolean", json!([true]))];
    assert_eq!(variants, expected.map(|(name, values)| (json!(name), values)));
}

#[test]
fn a_type_beside_fixed_values_restricts_them() {
    for (schema, good, bad) in [
        (json!({"type": ["string", "null"], "enum": ["a"]}), json!("a"), Value::Null),
        (json!({"type": ["string", "null"], "const": "a"}), json!("a"), Value::Null),
        (json!({"type": ["string", "null"], "enum": ["a", null]}), Value::Null, json!("b")),
        (json!({"type": "string", "enum": ["a", 1]}), json!("a"), json!(1)),
        (json!({"const": 1, "enum": [1, 2]}), json!(1), json!(2)),
        (json!({"enum": [1, 2, 3], "minimum": 2, "type": "integer"}), json!(2), json!(1)),
    ] {
        check(&schema, &good, &bad);
    }
}

#[test]
fn an_array_or_object_among_fixed_values_is_one_problem() {
    for value in [json!(["a"]), json!({"a": 1})] {
        for schema in
            [json!({ "enum": [value] }), json!({"type": "string", "enum": [value]}), json!({ "const": value })]
        {
            let problems = of_argument(&schema).expect_err("a compound value");
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains("with an array or object are not supported"), "{problems:?}");
        }
    }
}
