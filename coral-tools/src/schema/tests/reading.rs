//! Bodies as agents send them, and the messages for invalid ones.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{One, input, messages, of_struct, read, three};

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Report {
    content: String,
    items: Vec<Item>,
    #[serde(default = "three")]
    retries: u8,
    due: Option<chrono::NaiveDate>,
    extra: Option<Value>,
}

#[derive(Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
struct Item {
    #[schemars(range(min = 0))]
    price: f64,
    count: u32,
}

fn reported(body: &str) -> Vec<String> {
    messages::<Report>(&of_struct::<Report>(), body)
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Anything(Value);

#[test]
fn a_newtype_of_any_value_has_the_value() {
    for value in [json!({"a": [1, null]}), json!("text"), json!(1.5), Value::Null] {
        let read = read::<One<Anything>>(&input::<Anything>(), &json!({"value": value}));
        assert_eq!(read.expect("any value").value, Anything(value));
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let body = json!({
        "contnet": "a",
        "items": [{ "price": "1", "count": 1 }, { "price": -1, "count": 1.5 }, 7],
        "retries": 256,
    });
    let expected = [
        "unknown argument `contnet`; did you mean `content`?",
        "`items[0].price` must be a number of at least 0, not a string",
        "`items[1].price` must be a number of at least 0",
        "`items[1].count` must be an integer between 0 and 4294967295",
        "`items[2]` must be an object, not a number",
        "`retries` must be an integer between 0 and 255",
        "`content` is missing; it must be a string",
    ];
    assert_eq!(reported(&body.to_string()), expected);
}

#[test]
fn a_problem_serializes_as_json() {
    let schema = of_struct::<Report>();
    let problems = read::<Report>(&schema, &json!({ "contnet": 1, "items": [] })).expect_err("a wrong name");
    let json = serde_json::to_value(&problems).expect("it serializes");
    let expected = json!([
        { "path": "contnet", "expected": "a known argument", "found": "number", "didYouMean": "content" },
        { "path": "content", "expected": "a string", "found": "nothing" },
    ]);
    assert_eq!(json, expected);
}

#[test]
fn bodies_that_are_not_a_json_object_are_rejected() {
    for body in ["[]", "7", "\"a\"", "true"] {
        let reported = reported(body);
        assert!(
            reported.len() == 1 && reported[0].starts_with("arguments must be a JSON object, not a"),
            "{reported:?}"
        );
    }
    for body in
        ["{", "{\"content\": }", "{} {}", "{}x", "\u{feff}{}", "nul", "{\"a\": 1e999}", "{\"content\":\"\\ud800\"}"]
    {
        let reported = reported(body);
        assert!(
            reported.len() == 1 && reported[0].starts_with("arguments are not valid JSON (line 1"),
            "{body}: {reported:?}"
        );
    }
    for body in [&b"{\"content\": \"\xff\"}"[..], b"{\"content\": \"a\", \"items\": []} \xff"] {
        let broken = of_struct::<Report>().read::<Report>(body).expect_err("not UTF-8");
        assert_eq!((broken.len(), broken[0].path()), (1, ""));
    }
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Relaxed {
    #[serde(default = "three")]
    a: u8,
    b: Option<String>,
    #[serde(default)]
    c: Vec<u8>,
    #[serde(default = "some")]
    d: Option<u8>,
}

fn some() -> Option<u8> {
    Some(4)
}

#[test]
fn empty_bodies_are_calls_without_arguments() {
    let schema = of_struct::<Relaxed>();
    let defaults = Relaxed { a: 3, b: None, c: vec![], d: Some(4) };
    for body in ["", " \n", "null", " null\n", "{}", "{\n}", r#"{"a":null,"b":null,"c":null,"d":null}"#] {
        assert_eq!(schema.read(body.as_bytes()).as_ref(), Ok(&defaults), "{body:?}");
    }
}

#[test]
fn nothing_may_follow_the_arguments() {
    let schema = of_struct::<Relaxed>();
    for after in ["x", "{}", "}", ",", "]", "null", "\u{0}"] {
        let reported = messages::<Relaxed>(&schema, &format!("{{\"a\": 1}} {after}"));
        assert!(reported.len() == 1 && reported[0].contains("not valid JSON (line 1, column 10)"), "{reported:?}");
    }
}

#[test]
fn duplicate_keys_are_rejected() {
    let reported = reported(r#"{"content":"a","items":[{"price":1,"count":1,"count":2}],"content":"b"}"#);
    assert_eq!(reported, ["`items[0].count` is given more than once", "`content` is given more than once"]);
    let map = messages::<One<HashMap<String, u8>>>(&input::<HashMap<String, u8>>(), r#"{"value":{"a":1,"a":1}}"#);
    assert_eq!(map, ["`value.a` is given more than once"]);
    assert!(input::<Value>().read::<One<Value>>(br#"{"value":{"a":1,"a":2}}"#).is_ok(), "any value is any value");
    let body = r#"{"content":"a","items":[],"extra":{"a":1,"a":1},"retries":"x"}"#;
    assert_eq!(self::reported(body).len(), 1);
}

#[test]
fn an_error_of_the_type_is_reported_without_the_value() {
    let body = json!({ "content": "a", "items": [], "due": "2026-02-31-secret" });
    let reported = reported(&body.to_string());
    assert_eq!(reported, ["`due` is not a valid date (example: `2026-01-31`)"]);
}

#[test]
fn duplicate_items_are_reported_for_the_array() {
    let schema = super::constrained::<Vec<u8>>(&[super::Constraint::MinItems(1), super::Constraint::UniqueItems]);
    assert_eq!(
        messages::<One<Vec<u8>>>(&schema, r#"{"value": [1, 2, 1]}"#),
        ["`value`: array contains duplicate items"]
    );
    let problems = schema.read::<One<Vec<u8>>>(br#"{"value": [1, 1]}"#).expect_err("duplicate items");
    assert_eq!(problems[0].expected(), "an array of at least 1 item without duplicate items");
    assert_eq!(
        messages::<One<Vec<u8>>>(&schema, r#"{"value": []}"#),
        ["`value` must be an array of at least 1 item without duplicate items"]
    );
}

#[test]
fn an_unknown_key_inside_an_argument_is_an_unknown_field() {
    let reported = reported(r#"{"content": "a", "items": [{"pric": 1, "count": 1}]}"#);
    assert_eq!(
        reported,
        [
            "unknown field `items[0].pric`; did you mean `price`?",
            "`items[0].price` is missing; it must be a number of at least 0"
        ]
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the field")]
struct LongName {
    a_name_of_as_many_characters_as_providers_accept_which_are_64_in: Option<u8>,
}

#[test]
fn a_name_of_any_valid_length_is_suggested() {
    let body = r#"{"value":{"a_name_of_as_many_characters_as_providers_accept_which_are_64_im":1}}"#;
    let name = "a_name_of_as_many_characters_as_providers_accept_which_are_64_in";
    assert_eq!(name.len(), 64);
    let reported = messages::<One<LongName>>(&input::<LongName>(), body);
    assert!(reported[0].ends_with(&format!("; did you mean `{name}`?")), "{reported:?}");
}

#[test]
fn strings_are_not_numbers() {
    let reported = messages::<One<u8>>(&input::<u8>(), r#"{"value":"5"}"#);
    assert_eq!(reported, ["`value` must be an integer between 0 and 255, not a string"]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Shape {
    Circle { radius: f64 },
    Square { side: f64 },
}

#[test]
fn problems_of_a_union_are_those_of_the_selected_variant() {
    let schema = input::<Shape>();
    let reported = |value: Value| messages::<One<Shape>>(&schema, &json!({ "value": value }).to_string());
    assert_eq!(reported(json!({ "kind": "circle", "radius": "1" })), ["`value.radius` must be a number, not a string"]);
    assert_eq!(reported(json!({ "kind": "square" })), ["`value.side` is missing; it must be a number"]);
    let all = "an object with `kind` `circle`, or an object with `kind` `square`";
    assert_eq!(reported(json!(7)), [format!("`value` must be {all}, not a number")]);
    let tag = "`value.kind` must be one of `circle`, `square`";
    assert_eq!(reported(json!({ "kind": "oval" })), [tag]);
}

#[test]
fn an_invalid_key_is_reported_with_the_form_of_keys() {
    let body = r#"{"value": {"seven": true}}"#;
    let reported = messages::<One<HashMap<u16, bool>>>(&input::<HashMap<u16, bool>>(), body);
    assert_eq!(reported, ["`value.seven`: the key must be a non-negative integer in quotes"]);
}

#[test]
fn an_invalid_or_missing_tag_is_reported_at_its_location() {
    let reported = |body| messages::<One<Vec<Option<Shape>>>>(&input::<Vec<Option<Shape>>>(), body);
    assert_eq!(
        reported(r#"{"value": [{"kind": "oval"}, {"radius": 1}, {"kind": 1}, {"kind": "square"}]}"#),
        [
            "`value[0].kind` must be one of `circle`, `square`",
            "`value[1].kind` is missing; it must be one of `circle`, `square`",
            "`value[2].kind` must be one of `circle`, `square`, not a number",
            "`value[3].side` is missing; it must be a number",
        ]
    );
}
