//! JSON Schemas of tools that are only known at run time: what is read, checked and rejected.

use serde_json::{Map, Value, json};

use super::{call, echo, toolset_of};

/// Calls a tool whose argument `value` has this schema. Returns the arguments, or the first problem.
async fn read(schema: &Value, value: &Value) -> Result<Value, String> {
    let document = json!({"type": "object", "properties": {"value": schema}});
    let tools = toolset_of(echo(document)).unwrap_or_else(|errors| panic!("{errors}"));
    let result = call(&tools, &json!({"value": value})).await;
    match result.get("result") {
        Some(arguments) => Ok(arguments.clone()),
        None => Err(result["error"].to_string()),
    }
}

#[tokio::test]
async fn every_keyword_is_enforced() {
    for (schema, valid, invalid) in [
        (json!({"type": "string", "minLength": 2}), json!("ab"), json!("a")),
        (json!({"type": "string", "pattern": "^[a-z]+$"}), json!("ab"), json!("A")),
        (json!({"type": "string", "format": "date"}), json!("2026-02-28"), json!("2026-02-30")),
        (json!({"type": "string", "format": "email"}), json!("a@example.com"), json!("a")),
        (json!({"type": "integer", "maximum": 5}), json!(5), json!(6)),
        (json!({"type": "integer", "format": "int32"}), json!(1), json!(3_000_000_000_u32)),
        (json!({"type": "number", "exclusiveMinimum": 0}), json!(0.5), json!(0)),
        (json!({"type": "number", "multipleOf": 0.5}), json!(1.5), json!(1.2)),
        (json!({"enum": ["a", "b", 3]}), json!(3), json!("c")),
        (json!({"const": "a"}), json!("a"), json!("b")),
        (json!({"type": "array", "items": {"type": "integer"}, "uniqueItems": true}), json!([1, 2]), json!([1, 1])),
        (json!({"type": "array", "maxItems": 1}), json!([{}]), json!([1, 2])),
        (json!({"type": "object", "additionalProperties": {"type": "boolean"}}), json!({"a": true}), json!({"a": 1})),
        (json!({"type": "object", "properties": {"a": {}}}), json!({"a": [1]}), json!({"b": 1})),
        (json!({"type": ["string", "integer"]}), json!(1), json!(true)),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
            json!(["a"]),
            json!([1]),
        ),
        (json!({"allOf": [{"type": "integer", "minimum": 2}, {"maximum": 4}]}), json!(3), json!(5)),
    ] {
        let read_valid = read(&schema, &valid).await;
        assert_eq!(read_valid, Ok(json!({"value": valid})), "{schema}");
        assert!(read(&schema, &invalid).await.is_err(), "{schema} must reject {invalid}");
    }
}

#[tokio::test]
async fn each_of_many_required_properties_is_required() {
    let names: Vec<_> = (0..70).map(|index| format!("p{index}")).collect();
    let properties: Map<_, _> = names.iter().map(|name| (name.clone(), json!({"type": "integer"}))).collect();
    let schema = json!({"type": "object", "properties": properties, "required": names});
    let mut value: Map<_, _> = names.iter().map(|name| (name.clone(), json!(1))).collect();
    assert!(read(&schema, &json!(value)).await.is_ok());
    value.remove("p69");
    let error = read(&schema, &json!(value)).await.expect_err("a property is missing");
    assert!(error.contains("value.p69"), "{error}");
}

#[tokio::test]
async fn a_boolean_that_an_enum_does_not_list_is_named() {
    let error = read(&json!({"enum": [true, 3]}), &json!(false)).await.expect_err("not listed");
    assert!(error.contains("`value` must be"), "{error}");
}

#[tokio::test]
async fn an_object_without_properties_is_any_object() {
    let value = json!({"a": {"b": [null]}});
    assert_eq!(read(&json!({"type": "object"}), &value).await, Ok(json!({"value": value})));
    let tools = toolset_of(echo(json!({"type": "object"}))).expect("a tool without arguments");
    assert_eq!(call(&tools, &json!({"a": 1})).await["success"], json!(false));
    assert_eq!(call(&tools, &Value::Null).await, json!({"result": {}}));
}

#[tokio::test]
async fn absent_values_have_their_default() {
    let limit = json!({"type": "object", "properties": {"limit": {"type": "integer", "default": 10}, "to": {"type": "string"}}});
    let document = json!({
        "type": "object",
        "properties": {
            "page": {"type": "integer", "default": 1},
            "filter": limit,
            "filters": {"type": "array", "items": limit},
            "by_name": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Limit"}},
            "target": {"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "a"}, "n": {"type": "integer", "default": 1}}, "required": ["kind"]},
                {"type": "object", "properties": {"kind": {"const": "b"}, "n": {"type": "integer", "default": 2}}, "required": ["kind"]},
            ]},
        },
        "$defs": {"Limit": limit},
    });
    let tools = toolset_of(echo(document)).expect("a tool");
    assert_eq!(call(&tools, &json!({})).await, json!({"result": {"page": 1}}));
    let nested = json!({"page": null, "filter": {}, "filters": [{"limit": 5}, {}], "by_name": {"x": {}}, "target": {"kind": "b"}});
    let limits = json!({
        "page": 1, "filter": {"limit": 10}, "filters": [{"limit": 5}, {"limit": 10}], "by_name": {"x": {"limit": 10}},
        "target": {"kind": "b", "n": 2},
    });
    assert_eq!(call(&tools, &nested).await, json!({"result": limits}));
}

#[tokio::test]
async fn null_is_a_value_only_if_the_schema_allows_it() {
    let document = json!({
        "type": "object",
        "properties": {"note": {"type": ["string", "null"]}, "name": {"type": "string"}, "any": {}},
    });
    let tools = toolset_of(echo(document)).expect("a tool");
    let arguments = json!({"note": null, "name": null, "any": null});
    assert_eq!(call(&tools, &arguments).await, json!({"result": {"note": null, "any": null}}));
    let shown = tools.descriptor("echo").expect("the tool").input_schema()["properties"]["note"].to_string();
    assert!(shown.contains("null"), "{shown}");
}

#[tokio::test]
async fn numbers_are_coerced_to_integers() {
    assert_eq!(read(&json!({"type": "integer"}), &json!(5.0)).await, Ok(json!({"value": 5})));
    assert_eq!(read(&json!({"type": "number"}), &json!(5)).await, Ok(json!({"value": 5})));
    assert!(read(&json!({"type": "integer"}), &json!(1e300)).await.is_err());
}

#[tokio::test]
async fn definitions_are_read_from_both_keywords_and_may_be_recursive() {
    for keyword in ["$defs", "definitions"] {
        let reference = format!("#/{keyword}/Node");
        let node = json!({
            "type": "object",
            "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": reference}}},
            "required": ["name"],
        });
        let tools = toolset_of(echo(json!({
            "type": "object", "properties": {"root": {"$ref": reference}}, keyword: {"Node": node},
        })));
        let tools = tools.unwrap_or_else(|errors| panic!("{errors}"));
        let tree = json!({"root": {"name": "a", "children": [{"name": "b", "children": []}]}});
        assert_eq!(call(&tools, &tree).await, json!({"result": tree}));
        let problem = call(&tools, &json!({"root": {"name": "a", "children": [{}]}})).await;
        assert!(problem["error"].to_string().contains("root.children[0].name"), "{problem}");
    }
}

/// The errors of a schema of the argument `items[].price`.
fn errors_of(schema: &Value) -> String {
    let items = json!({"type": "array", "items": {"type": "object", "properties": {"price": schema}}});
    let document = json!({"type": "object", "properties": {"items": items}});
    toolset_of(echo(document)).expect_err("an invalid schema").to_string()
}

#[test]
fn keywords_without_an_effect_are_errors_with_their_location() {
    for (schema, message) in [
        (
            json!({"type": "number", "nullable": true}),
            "`nullable` is not a keyword of JSON Schema 2020-12; add `\"null\"` to `type`",
        ),
        (
            json!({"type": "string", "minlength": 1}),
            "`minlength` is not a keyword of JSON Schema 2020-12; write `minLength`",
        ),
        (json!({"type": "string", "xml": {}}), "`xml` is not a keyword of JSON Schema 2020-12; remove it"),
        (
            json!({"type": "object", "minProperties": 1}),
            "`minProperties` is not supported by most agents; remove it and check the value in the tool",
        ),
        (json!({"type": "number", "minimum": "1"}), "`minimum` must be a number"),
        (json!({"type": 5}), "`type` must be a string, or an array of strings"),
        (json!({"type": "money"}), "`money` is not a type of JSON Schema"),
        (json!({"anyOf": {"type": "number"}}), "`anyOf` must be an array of schemas"),
        (
            json!({"type": "object", "properties": {}, "required": ["a"]}),
            "`a` is in `required` but not in `properties`",
        ),
        (json!({"type": "string", "pattern": "(?<=a)b"}), "`pattern` is not valid: "),
        (json!({"$ref": "#/components/schemas/Price"}), "the reference `#/components/schemas/Price` has no definition"),
        (json!({"type": "integer", "default": "1"}), "the default is not valid for the schema: expected "),
        (json!(7), "a JSON Schema must be an object or a boolean"),
    ] {
        let error = errors_of(&schema);
        let expected = format!("tool `echo`, arguments: `items[].price`: {message}");
        assert!(error.starts_with(&expected), "{schema}\n{error}\n{expected}");
        assert_eq!(error.lines().count(), 1, "one error for one cause: {error}");
    }
}

#[test]
fn the_arguments_are_an_object_with_fixed_properties() {
    for schema in [
        json!({"type": "object", "additionalProperties": true}),
        json!({"anyOf": [{"type": "object", "properties": {"a": {}}}, {"type": "object", "properties": {"b": {}}}]}),
        json!({"type": "array"}),
        json!(true),
        json!("object"),
    ] {
        let errors = toolset_of(echo(schema.clone())).expect_err("not such an object").to_string();
        assert_eq!(errors.lines().count(), 1, "{schema}: {errors}");
    }
    let errors = toolset_of(echo(json!({"type": "object"})).returns(json!({"typ": "string"}))).expect_err("a result");
    assert!(errors.to_string().starts_with("tool `echo`, return value: `typ` is not a keyword"), "{errors}");
}

/// Each definition contains the next one twice, so that the last one is needed 2^40 times.
#[test]
fn a_schema_that_grows_exponentially_is_an_error() {
    let definition = |i: u32| {
        let next = json!({"$ref": format!("#/$defs/D{}", i + 1)});
        (format!("D{i}"), if i == 40 { json!({"type": "object"}) } else { json!({"allOf": [next, next]}) })
    };
    let definitions: Map<_, _> = (0..=40).map(definition).collect();
    let document =
        json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/D0"}}, "$defs": Value::Object(definitions)});
    let errors = toolset_of(echo(document)).expect_err("a large schema").to_string();
    assert_eq!(errors, "tool `echo`, arguments: the schema is too large; make it smaller");
}
