//! Bodies as agents send them.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{One, complaints, input, of_struct, read};

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

fn three() -> u8 {
    3
}

fn told(body: &str) -> Vec<String> {
    complaints::<Report>(&of_struct::<Report>(), body)
}

#[test]
fn every_problem_is_told_at_once() {
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
    assert_eq!(told(&body.to_string()), expected);
}

#[test]
fn a_problem_as_json() {
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
fn bodies_that_are_not_an_object_of_json() {
    for body in ["[]", "7", "\"a\"", "true"] {
        let told = told(body);
        assert!(told.len() == 1 && told[0].starts_with("arguments must be a JSON object, not a"), "{told:?}");
    }
    for body in
        ["{", "{\"content\": }", "{} {}", "{}x", "\u{feff}{}", "nul", "{\"a\": 1e999}", "{\"content\":\"\\ud800\"}"]
    {
        let told = told(body);
        assert!(told.len() == 1 && told[0].starts_with("arguments are not valid JSON (line 1"), "{body}: {told:?}");
    }
    let broken = of_struct::<Report>().read::<Report>(b"{\"content\": \"\xff\"}").expect_err("not UTF-8");
    assert_eq!((broken.len(), broken[0].path()), (1, ""));
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
fn no_arguments_in_every_form() {
    let schema = of_struct::<Relaxed>();
    let defaults = Relaxed { a: 3, b: None, c: vec![], d: Some(4) };
    for body in ["", " \n", "null", " null\n", "{}", "{\n}", r#"{"a":null,"b":null,"c":null,"d":null}"#] {
        assert_eq!(schema.read(body.as_bytes()).as_ref(), Ok(&defaults), "{body:?}");
    }
}

#[test]
fn whole_numbers_in_every_form() {
    for body in ["5", "5.0", "5e0", "0.5e1", "50e-1", "5.0E0"] {
        let one: One<u8> = input::<u8>().read(format!("{{\"value\":{body}}}").as_bytes()).expect("five");
        assert_eq!(one.value, 5);
    }
    let one: One<i64> = input::<i64>().read(b"{\"value\": 1.0E3}").expect("a thousand");
    assert_eq!(one.value, 1000);
    let one: One<Vec<u64>> =
        input::<Vec<u64>>().read(b"{\"value\": [18446744073709551615, 9007199254740992.0]}").expect("large");
    assert_eq!(one.value, [u64::MAX, 1 << 53]);
    assert!(input::<u64>().read::<One<u64>>(b"{\"value\": 9007199254740994.0}").is_err(), "digits may be lost");
    assert!(input::<u64>().read::<One<u64>>(b"{\"value\": 18446744073709551616}").is_err());
}

#[test]
fn numbers_wider_than_json_readers() {
    let max = format!("{{\"value\": {}}}", u128::MAX);
    assert_eq!(input::<u128>().read::<One<u128>>(max.as_bytes()).map(|one| one.value), Ok(u128::MAX));
    let min = format!("{{\"value\": {}}}", i128::MIN);
    assert_eq!(input::<i128>().read::<One<i128>>(min.as_bytes()).map(|one| one.value), Ok(i128::MIN));
    let told = complaints::<One<u128>>(&input::<u128>(), "{\"value\": 1.8446744073709552E19}");
    assert!(told.len() == 1 && told[0].starts_with("`value`"), "{told:?}");
}

/// As the documentation says: only the one pass knows all digits, and `null` for a default takes the second look.
#[test]
fn numbers_wider_than_json_readers_do_not_go_with_null_for_a_default() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only serde reads the fields")]
    struct Wide {
        #[serde(default = "three")]
        retries: u8,
        number: u128,
    }
    let read = |retries: &str| {
        let body = format!("{{{retries}\"number\": {}}}", u128::MAX);
        of_struct::<Wide>().read::<Wide>(body.as_bytes()).map(|wide| wide.number)
    };
    assert_eq!(read(""), Ok(u128::MAX));
    assert_eq!(read("\"retries\": 4, "), Ok(u128::MAX));
    let problems = read("\"retries\": null, ").expect_err("refused, not cut");
    assert_eq!((problems.len(), problems[0].path()), (1, "number"));
}

#[test]
fn keys_that_come_twice() {
    let told = told(r#"{"content":"a","items":[{"price":1,"count":1,"count":2}],"content":"b"}"#);
    assert_eq!(told, ["`items[0].count` is given more than once", "`content` is given more than once"]);
    let map = complaints::<One<HashMap<String, u8>>>(&input::<HashMap<String, u8>>(), r#"{"value":{"a":1,"a":1}}"#);
    assert_eq!(map, ["`value.a` is given more than once"]);
    assert!(input::<Value>().read::<One<Value>>(br#"{"value":{"a":1,"a":2}}"#).is_ok(), "any value is any value");
    let body = r#"{"content":"a","items":[],"extra":{"a":1,"a":1},"retries":"x"}"#;
    assert_eq!(self::told(body).len(), 1);
}

#[test]
fn what_only_the_type_refuses_is_told_without_the_value() {
    let body = json!({ "content": "a", "items": [], "due": "2026-02-31-secret" });
    let told = told(&body.to_string());
    assert_eq!(told, ["`due` is not a valid date (example: `2026-01-31`): trailing input"]);
}

/// What a type says of what it refuses.
#[derive(Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Code(String);

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "loud" => Err("no product has the code LOUD".to_owned()),
            "long" => Err("so many words ".repeat(30)),
            _ if text.len() == 4 => Ok(Self(text)),
            _ => Err("codes have 4 letters".to_owned()),
        }
    }
}

#[test]
fn what_a_type_says_of_a_value_is_told_unless_it_repeats_it() {
    let told = |code: &str| complaints::<One<Code>>(&input::<Code>(), &json!({ "value": code }).to_string());
    let sentence = "`value` is not a string that the tool accepts";
    assert_eq!(told("secret"), [format!("{sentence}: codes have 4 letters")]);
    assert_eq!(told("loud"), [sentence]);
    assert_eq!(told("long"), [sentence]);
    let problems = read::<One<Code>>(&input::<Code>(), &json!({ "value": "secret" })).expect_err("a wrong code");
    assert_eq!(problems[0].reason(), Some("codes have 4 letters"));
    assert_eq!(serde_json::to_value(&problems[0]).expect("it serializes")["reason"], "codes have 4 letters");
}

/// With documentation, which hides its values from the schema of a map.
#[derive(Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Documented {
    /// As fast as can be.
    Fast,
    /// With care.
    Slow,
}

#[test]
fn a_key_that_only_the_type_refuses_is_blamed_and_not_its_value() {
    type Map<K> = HashMap<K, u8>;
    let enumerated = complaints::<One<Map<Documented>>>(&input::<Map<Documented>>(), r#"{"value": {"x": 1}}"#);
    let sentence = "the tool rejected the key";
    assert_eq!(enumerated, [format!("`value.x`: {sentence}: unknown variant `x`, expected `fast` or `slow`")]);
    let coded = complaints::<One<Map<Code>>>(&input::<Map<Code>>(), r#"{"value": {"code": 1, "x": 1}}"#);
    assert_eq!(coded, [format!("`value.x`: {sentence}: codes have 4 letters")]);
    let dated = complaints::<One<Map<chrono::NaiveDate>>>(&input::<Map<chrono::NaiveDate>>(), r#"{"value": {"x": 1}}"#);
    assert!(dated.len() == 1 && dated[0].starts_with(&format!("`value.x`: {sentence}: ")), "{dated:?}");
    let lettered = complaints::<One<Map<char>>>(&input::<Map<char>>(), r#"{"value": {"xy": 1}}"#);
    assert!(lettered.len() == 1 && lettered[0].starts_with(&format!("`value.xy`: {sentence}: ")), "{lettered:?}");

    let value = complaints::<One<HashMap<String, Code>>>(&input::<HashMap<String, Code>>(), r#"{"value": {"x": "y"}}"#);
    assert_eq!(value, ["`value.x` is not a string that the tool accepts: codes have 4 letters"]);
    let long = json!({ "value": { "k".repeat(65): 1 } }).to_string();
    let long = complaints::<One<Map<Documented>>>(&input::<Map<Documented>>(), &long);
    assert_eq!(long, [format!("`value.{}…`: {sentence}", "k".repeat(64))]);
}

#[test]
fn duplicate_items_are_reported_for_the_array() {
    let schema = super::constrained::<Vec<u8>>(&[super::Constraint::MinItems(1), super::Constraint::UniqueItems]);
    assert_eq!(
        complaints::<One<Vec<u8>>>(&schema, r#"{"value": [1, 2, 1]}"#),
        ["`value`: array contains duplicate items"]
    );
    let problems = schema.read::<One<Vec<u8>>>(br#"{"value": [1, 1]}"#).expect_err("duplicate items");
    assert_eq!(problems[0].expected(), "an array of at least 1 item without duplicate items");
    assert_eq!(
        complaints::<One<Vec<u8>>>(&schema, r#"{"value": []}"#),
        ["`value` must be an array of at least 1 item without duplicate items"]
    );
}

#[test]
fn an_unknown_key_inside_an_argument_is_an_unknown_field() {
    let told = told(r#"{"content": "a", "items": [{"pric": 1, "count": 1}]}"#);
    assert_eq!(
        told,
        [
            "unknown field `items[0].pric`; did you mean `price`?",
            "`items[0].price` is missing; it must be a number of at least 0"
        ]
    );
}

#[test]
fn text_for_numbers_is_refused_clearly() {
    let told = complaints::<One<u8>>(&input::<u8>(), r#"{"value":"5"}"#);
    assert_eq!(told, ["`value` must be an integer between 0 and 255, not a string"]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Shape {
    Circle { radius: f64 },
    Square { side: f64 },
}

#[test]
fn of_a_union_the_variant_that_was_meant_is_explained() {
    let schema = input::<Shape>();
    let told = |value: Value| complaints::<One<Shape>>(&schema, &json!({ "value": value }).to_string());
    assert_eq!(told(json!({ "kind": "circle", "radius": "1" })), ["`value.radius` must be a number, not a string"]);
    assert_eq!(told(json!({ "kind": "square" })), ["`value.side` is missing; it must be a number"]);
    let all = "an object with `kind` `circle`, or an object with `kind` `square`";
    assert_eq!(told(json!(7)), [format!("`value` must be {all}, not a number")]);
    let tag = "`value.kind` must be one of `circle`, `square`";
    assert_eq!(told(json!({ "kind": "oval" })), [tag]);
}

#[test]
fn a_key_of_another_form_is_told_what_keys_are() {
    let body = r#"{"value": {"seven": true}}"#;
    let told = complaints::<One<HashMap<u16, bool>>>(&input::<HashMap<u16, bool>>(), body);
    assert_eq!(told, ["`value.seven`: the key must be a non-negative integer in quotes"]);
}

#[test]
fn a_tag_that_is_wrong_or_missing_is_told_at_its_place() {
    let told = |body| complaints::<One<Vec<Option<Shape>>>>(&input::<Vec<Option<Shape>>>(), body);
    assert_eq!(
        told(r#"{"value": [{"kind": "oval"}, {"radius": 1}, {"kind": 1}, {"kind": "square"}]}"#),
        [
            "`value[0].kind` must be one of `circle`, `square`",
            "`value[1].kind` is missing; it must be one of `circle`, `square`",
            "`value[2].kind` must be one of `circle`, `square`, not a number",
            "`value[3].side` is missing; it must be a number",
        ]
    );
}
