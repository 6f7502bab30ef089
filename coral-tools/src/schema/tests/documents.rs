//! JSON Schemas of tools made at run time.

use serde_json::{Value, json};

use super::{InputSchema, messages, read};

/// The schema of a tool with one argument.
fn of_argument(schema: &Value) -> Result<InputSchema, Vec<String>> {
    let document = json!({"type": "object", "properties": {"value": schema}, "required": ["value"]});
    InputSchema::from_document(&document).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// Whether the argument is accepted.
fn accepts(schema: &InputSchema, value: &Value) -> bool {
    read::<Value>(schema, &json!({ "value": value })).is_ok()
}

/// Checks that the schema accepts one value and rejects the other.
fn check(schema: &Value, good: &Value, bad: &Value) {
    let built = of_argument(schema).unwrap_or_else(|problems| panic!("{schema}: {problems:?}"));
    assert!(accepts(&built, good), "{schema} must accept {good}");
    assert!(!accepts(&built, bad), "{schema} must reject {bad}");
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
fn a_keyword_without_effect_is_rejected_at_its_place() {
    let problems = of_argument(&json!({"type": "array", "items": {"type": "string", "minLenght": 1}}));
    let problems = problems.expect_err("an unknown keyword");
    assert!(problems[0].contains("minLenght") && problems[0].contains("value[]"), "{problems:?}");
}

#[test]
fn a_keyword_without_effect_is_rejected_in_every_schema() {
    let unknown = json!({"type": "string", "minLenght": 1});
    for (schema, path) in [
        (json!({ "anyOf": [{"type": "integer"}, unknown] }), "value"),
        (json!({ "oneOf": [{"type": "integer"}, unknown] }), "value"),
        (json!({ "allOf": [{"type": "string"}, unknown] }), "value"),
        (json!({"type": "array", "prefixItems": [unknown], "items": false, "minItems": 1}), "value"),
        (json!({"type": "object", "properties": {"a": unknown}}), "value.a"),
        (json!({"type": "object", "additionalProperties": unknown}), "value.*"),
        (json!({"type": "object", "patternProperties": {"^a": unknown}, "additionalProperties": false}), "value.*"),
        (json!({"type": "integer", "not": unknown}), "value"),
    ] {
        let problems = of_argument(&schema).expect_err("an unknown keyword");
        assert_eq!(problems.len(), 1, "{schema}: {problems:?}");
        let expected = format!("`{path}`: `minLenght` is not a keyword");
        assert!(problems[0].starts_with(&expected), "{schema}: {problems:?}");
    }
    let document = json!({"type": "object", "properties": {}, "$defs": {"A": unknown}});
    let problems = InputSchema::from_document(&document).expect_err("an unknown keyword");
    assert!(problems[0].to_string().starts_with("`minLenght` is not a keyword"), "{problems:?}");
}

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

#[test]
fn the_description_of_the_only_variant_beside_null_is_that_of_the_value() {
    let string = json!({"type": "string", "description": "The name."});
    for (variants, is_of_the_value) in [
        (json!([string, {"type": "null"}]), true),
        (json!([{"type": "null", "description": "None."}, string]), true),
        (json!([string, {"type": "integer"}, {"type": "null"}]), false),
    ] {
        let schema = of_argument(&json!({ "anyOf": variants })).expect("a schema");
        let shown = &schema.json()["properties"]["value"];
        assert_eq!(shown["description"].to_string().contains("The name."), is_of_the_value, "{shown}");
        assert!(shown.to_string().contains("The name."), "{shown}");
    }
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

#[test]
fn a_blank_description_is_left_out() {
    let schema = of_argument(&json!({"type": "boolean", "description": " \n"})).expect("a schema");
    assert_eq!(schema.json()["properties"]["value"], json!({"type": "boolean"}));
}

#[test]
fn a_schema_without_a_type_is_shown_as_any_value() {
    let shown = |schema: &Value| of_argument(schema).expect("a schema").json()["properties"]["value"].clone();
    assert_eq!(shown(&json!({}))["description"], "Any JSON value.");
    assert_eq!(shown(&json!({"description": "The payload."}))["description"], "The payload.");
    let map = |additional: Value| json!({"type": "object", "additionalProperties": additional});
    for any in [json!(true), json!({})] {
        assert_eq!(shown(&map(any))["additionalProperties"], true);
    }
    assert_eq!(shown(&map(json!({"type": "integer"})))["additionalProperties"]["type"], "integer");
}

#[test]
fn formats_of_integers_are_their_ranges() {
    for (format, low, high) in [
        ("int8", i128::from(i8::MIN), i128::from(i8::MAX)),
        ("int16", i16::MIN.into(), i16::MAX.into()),
        ("int32", i32::MIN.into(), i32::MAX.into()),
        ("int64", i64::MIN.into(), i64::MAX.into()),
        ("int", i64::MIN.into(), i64::MAX.into()),
        ("uint8", 0, u8::MAX.into()),
        ("uint16", 0, u16::MAX.into()),
        ("uint32", 0, u32::MAX.into()),
        ("uint64", 0, u64::MAX.into()),
        ("uint", 0, u64::MAX.into()),
    ] {
        let schema = of_argument(&json!({"type": "integer", "format": format})).expect("a schema");
        let accepts = |number: i128| schema.read::<Value>(format!("{{\"value\":{number}}}").as_bytes()).is_ok();
        assert!(accepts(low) && accepts(high), "{format}");
        assert!(!accepts(low - 1) && !accepts(high + 1), "{format}");
        // Many agents do not read larger numbers.
        let shown = &schema.json()["properties"]["value"];
        let (low_is_shown, high_is_shown) =
            (shown["minimum"] == json!(low as i64), shown["maximum"] == json!(high as u64));
        let is_wide = high > u32::MAX.into();
        assert_eq!((low_is_shown || low == 0, high_is_shown), (!is_wide || low == 0, !is_wide), "{format}: {shown}");
    }
}

#[test]
fn keys_that_match_several_patterns_have_one_type_of_value() {
    let map = |a: &str, b: &str| {
        let patterns = json!({"^a": {"type": a}, "^b": {"type": b}});
        json!({"type": "object", "patternProperties": patterns, "additionalProperties": false})
    };
    check(&map("integer", "integer"), &json!({"a1": 1, "b1": 2}), &json!({"c1": 1}));
    check(&map("integer", "integer"), &json!({}), &json!({"b1": "x"}));
    let problems = of_argument(&map("integer", "string")).expect_err("two types of values");
    assert!(problems[0].contains("maps whose type of value depends on the key"), "{problems:?}");
}

#[test]
fn the_number_of_variants_is_limited() {
    let variants = |count: u32| {
        let variants: Vec<_> = (0..count).map(|index| json!({ "const": format!("v{index}") })).collect();
        of_argument(&json!({ "anyOf": variants }))
    };
    assert!(accepts(&variants(1_000).expect("as many as possible"), &json!("v999")));
    assert_eq!(variants(1_001).expect_err("one more"), ["`value`: the type has more than 1000 variants; split it"]);
}

/// Returns the schema of a tool with an argument of the type `A`.
fn of_definitions(a: &Value, b: &Value) -> Result<InputSchema, Vec<String>> {
    let document = json!({
        "type": "object", "properties": {"value": {"$ref": "#/$defs/A"}}, "$defs": {"A": a, "B": b},
    });
    InputSchema::from_document(&document).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// Otherwise the type would be in `$defs`, which is harder to read.
#[test]
fn a_reference_inside_data_is_not_one() {
    let fields = json!({ "$ref": {"type": "string"} });
    for keyword in ["default", "examples"] {
        let data = json!({ "$ref": "#/$defs/A" });
        let data = if keyword == "examples" { json!([data]) } else { data };
        let schema = of_definitions(&json!({"type": "object", "properties": fields, keyword: data}), &json!({}));
        assert_eq!(schema.expect("a schema").json().get("$defs"), None, "{keyword}");
    }
}

#[test]
fn only_types_that_contain_themselves_directly_are_rejected() {
    let object =
        |key: &str, name: &str| json!({"type": "object", "properties": {key: {"$ref": format!("#/$defs/{name}")}}});
    let with_b = json!({"anyOf": [{"$ref": "#/$defs/B"}, object("a", "A")]});
    let schema = of_definitions(&with_b, &object("b", "B")).expect("types with properties between them");
    for value in [json!({"a": {"b": {}}}), json!({"b": {"b": {}}})] {
        assert!(accepts(&schema, &value), "{value}");
    }
    let with_a = json!({"anyOf": [{"$ref": "#/$defs/A"}, object("a", "A")]});
    let problems = of_definitions(&with_b, &with_a).expect_err("a cycle");
    assert!(problems[0].contains("contains itself directly"), "{problems:?}");
}

#[test]
fn a_fixed_value_that_may_be_absent_does_not_select_a_variant() {
    let variant = |kind: &str, field: &str| {
        let properties = json!({"kind": { "const": kind }, field: {"type": "integer"}});
        json!({"type": "object", "properties": properties, "required": [field]})
    };
    let schema = of_argument(&json!({ "anyOf": [variant("a", "x"), variant("b", "y")] })).expect("a schema");
    for value in [json!({"x": 1}), json!({"y": 1}), json!({"kind": "b", "y": 1})] {
        assert!(accepts(&schema, &value), "{value}");
    }
    for value in [json!({"kind": "b", "x": 1}), json!({"kind": "a"}), json!({"x": 1, "y": 1})] {
        assert!(!accepts(&schema, &value), "{value}");
    }
}

#[test]
fn tuples_have_a_fixed_length() {
    let tuple = |types: [&str; 2], min: u8, max: u8| {
        let items = types.map(|name| json!({ "type": name }));
        json!({"type": "array", "prefixItems": items, "minItems": min, "maxItems": max})
    };
    check(&tuple(["integer", "string"], 2, 2), &json!([1, "a"]), &json!(["a", 1]));
    check(&tuple(["integer", "string"], 2, 2), &json!([1, "a"]), &json!([1]));
    check(&tuple(["integer", "integer"], 2, 2), &json!([1, 2]), &json!([1, 2, 3]));
    for (min, max) in [(1, 2), (2, 3), (0, 0)] {
        let problems = of_argument(&tuple(["integer", "string"], min, max)).expect_err("another length");
        assert!(problems[0].contains("tuples of varying length are not supported"), "{problems:?}");
    }
}

#[test]
fn properties_and_additional_values_have_their_own_defaults() {
    let with_default = |name: &str| json!({"type": "object", "properties": {name: {"type": "integer", "default": 1}}});
    let schema = of_argument(&json!({
        "type": "object", "properties": {"a": with_default("x"), "b": with_default("x")},
        "additionalProperties": with_default("y"),
    }));
    let body = br#"{"value": {"a": {}, "b": {}, "c": {}, "d": {"y": 2}}}"#;
    let arguments = schema.expect("a schema").read_object(body).expect("valid arguments");
    assert_eq!(arguments["value"], json!({"a": {"x": 1}, "b": {"x": 1}, "c": {"y": 1}, "d": {"y": 2}}));
}

#[test]
fn the_items_of_an_optional_array_may_have_to_be_unique() {
    let unique = json!({"type": "array", "items": {"type": "integer"}, "uniqueItems": true});
    check(&unique, &json!([1, 2]), &json!([1, 2, 1]));
    check(&json!({ "anyOf": [unique, {"type": "null"}] }), &json!([1, 2]), &json!([1, 2, 1]));
}
