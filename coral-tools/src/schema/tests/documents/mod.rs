//! JSON Schemas of tools made at run time.

mod fixed_values;
mod two_schemas;

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

/// Checks that the schema accepts one value and rejects the other.
fn check(schema: &Value, good: &Value, bad: &Value) {
    let built = of_argument(schema).unwrap_or_else(|problems| panic!("{schema}: {problems:?}"));
    assert!(accepts(&built, good), "{schema} must accept {good}");
    assert!(!accepts(&built, bad), "{schema} must reject {bad}");
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
