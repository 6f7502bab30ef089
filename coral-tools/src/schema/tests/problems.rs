//! Problems of arguments, as applications and agents read them.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{One, Problem, constrained, input, messages, of_struct, value_of};
use crate::schema::Constraint;

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Item {
    title: String,
    count: u8,
}

/// Returns the problems of a value.
fn problems<T: JsonSchema + DeserializeOwned + std::fmt::Debug>(value: &Value) -> Vec<Problem> {
    value_of::<T>(&input::<T>(), value).expect_err("the value should be rejected")
}

#[test]
fn a_problem_has_a_location_a_type_and_a_suggestion() {
    let problems =
        problems::<Vec<Item>>(&json!([{"titel": "a", "title": null, "count": 1.5}, {"title": [], "count": {}}, {}]));
    let read: Vec<_> = problems
        .iter()
        .map(|problem| (problem.path(), problem.found(), problem.suggestion(), problem.reason()))
        .collect();
    let expected = [
        ("value[0].titel", "string", None, None),
        ("value[0].title", "null", None, None),
        ("value[0].count", "number", None, None),
        ("value[1].title", "array", None, None),
        ("value[1].count", "object", None, None),
        ("value[2].title", "nothing", None, None),
        ("value[2].count", "nothing", None, None),
    ];
    assert_eq!(read, expected);
    let problems = self::problems::<Item>(&json!({"titel": true, "count": 1}));
    let suggestions: Vec<_> = problems.iter().map(|problem| (problem.found(), problem.suggestion())).collect();
    assert_eq!(suggestions, [("boolean", Some("title")), ("nothing", None)]);
}

/// The keys of a problem in the JSON that an agent receives.
#[test]
fn a_problem_is_an_object_in_json() {
    let problems = problems::<Item>(&json!({"titel": "a", "count": "1"}));
    let expected = json!([
        {"path": "value.titel", "expected": "a known field", "found": "string", "didYouMean": "title"},
        {"path": "value.count", "expected": "an integer between 0 and 255", "found": "string"},
        {"path": "value.title", "expected": "a string", "found": "nothing"},
    ]);
    assert_eq!(serde_json::to_value(&problems).expect("JSON"), expected);
}

#[test]
fn the_article_fits_the_type() {
    let sent = |value: &Value| {
        let problems = problems::<(u8, u8)>(value);
        problems[0].to_string().rsplit(", not ").next().map(str::to_owned)
    };
    for (value, name) in [
        (json!(null), "null"),
        (json!(true), "a boolean"),
        (json!(1), "a number"),
        (json!("a"), "a string"),
        (json!({}), "an object"),
    ] {
        assert_eq!(sent(&value).as_deref(), Some(name));
    }
    let problems = problems::<u8>(&json!([]));
    assert_eq!(problems[0].to_string(), "`value` must be an integer between 0 and 255, not an array");
}

#[test]
fn some_values_of_a_long_enum_are_listed() {
    fn reported(count: usize, sent: &Value) -> Vec<String> {
        let values: Vec<_> = (0..count).map(|index| format!("value-{index:02}")).collect();
        let document = json!({
            "type": "object", "properties": {"value": {"type": "string", "enum": values}}, "required": ["value"],
        });
        let schema = super::InputSchema::from_document(&document).expect("a schema");
        messages::<Value>(&schema, &json!({ "value": sent }).to_string())
    }
    let all = reported(16, &json!("vlaue-11"));
    assert!(all[0].contains("`value-00`, `value-01`") && all[0].contains("`value-15`"), "{all:?}");
    assert_eq!(reported(1, &json!("x")), ["`value` must be `value-00`"]);
    let some = reported(17, &json!(1));
    assert_eq!(some, ["`value` must be one of `value-00`, `value-01`, `value-02` or 14 other values, not a number"]);
    let near = reported(17, &json!("vlaue-11"));
    assert!(near[0].starts_with("`value` must be one of `value-11`, `value-"), "{near:?}");
    assert!(near[0].ends_with("or 14 other values; did you mean `value-11`?"), "{near:?}");
}

#[test]
fn a_long_location_is_cut_in_the_middle() {
    type Map<T> = HashMap<String, T>;
    let path_of = |last: usize| {
        let lengths = [last, 60, 60, 60, 60];
        let value = lengths.into_iter().fold(json!("x"), |value, length| json!({ ("k".repeat(length)): value }));
        problems::<Map<Map<Map<Map<Map<u8>>>>>>(&value)[0].path().to_owned()
    };
    let path = |last: usize| format!("value{}.{}", format!(".{}", "k".repeat(60)).repeat(4), "k".repeat(last));
    assert_eq!((path_of(50), path(50).len()), (path(50), 300));
    assert_eq!(path_of(51), format!("{}…{}", &path(51)[..150], &path(51)[151..]));
}

#[test]
fn a_long_description_of_the_values_is_cut() {
    let pattern: &'static str = Box::leak("a".repeat(2_000).into_boxed_str());
    let schema = constrained::<String>(&[Constraint::Pattern(pattern)]);
    let problems = value_of::<String>(&schema, &json!("b")).expect_err("no match");
    let expected = problems[0].expected();
    assert!(expected.starts_with("a string matching `aaa") && expected.ends_with("a…"), "{expected}");
    assert_eq!(expected.chars().count(), 401);
}

#[test]
fn one_more_problem_is_singular() {
    let reported = |count: usize| {
        let schema = input::<Vec<u8>>();
        let problems = messages::<One<Vec<u8>>>(&schema, &json!({ "value": vec!["x"; count] }).to_string());
        problems.last().cloned()
    };
    assert_eq!(reported(33).as_deref(), Some("and 1 more problem"));
    assert_eq!(reported(34).as_deref(), Some("and 2 more problems"));
}

#[test]
fn unknown_names_are_arguments_or_fields() {
    let schema = of_struct::<Item>();
    let reported = messages::<Item>(&schema, r#"{"title":"a","count":1,"x":1}"#);
    assert_eq!(reported, ["unknown argument `x`"]);
    let reported = messages::<One<Item>>(&input::<Item>(), r#"{"value":{"title":"a","count":1,"x":1}}"#);
    assert_eq!(reported, ["unknown field `value.x`"]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Either {
    Small { a: u8 },
    Large { b: u8, c: u8 },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Keyed {
    Small { a: u8 },
    Large { b: u8, c: u8 },
}

#[test]
fn an_object_that_is_close_to_no_variant_is_compared_with_all() {
    let reported = messages::<One<Either>>(&input::<Either>(), r#"{"value":{}}"#);
    assert_eq!(reported, ["`value` must be an object with `a`, or an object with `b`, `c`"]);
    let reported = messages::<One<Either>>(&input::<Either>(), r#"{"value":{"b":1}}"#);
    assert_eq!(reported, ["`value.c` is missing; it must be an integer between 0 and 255"]);
    for value in ["{}", r#"{"Medium":{}}"#] {
        let reported = messages::<One<Keyed>>(&input::<Keyed>(), &format!(r#"{{"value":{value}}}"#));
        assert_eq!(reported, ["`value` must be an object with `Small`, or an object with `Large`"], "{value}");
    }
    let reported = messages::<One<Keyed>>(&input::<Keyed>(), r#"{"value":[]}"#);
    assert_eq!(reported, ["`value` must be an object with `Small`, or an object with `Large`, not an array"]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only serde reads the values")]
enum NumberOrList {
    Number(u8),
    List(Vec<u8>),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Nested {
    Union { a: NumberOrList },
    Strings { a: String, b: String },
}

#[test]
fn problems_of_a_union_inside_a_variant_are_counted() {
    let reported = messages::<One<Nested>>(&input::<Nested>(), r#"{"value":{"a":"x","b":1}}"#);
    assert_eq!(reported, ["`value.b` must be a string, not a number"]);
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only serde reads the values")]
enum PointOrList {
    Point { x: u8, y: u8 },
    List(Vec<u8>),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Label {
    x: String,
    y: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Shape {
    Union { at: PointOrList },
    Label { at: Label },
}

#[test]
fn each_problem_inside_a_nested_union_is_counted() {
    let reported = messages::<One<Shape>>(&input::<Shape>(), r#"{"value":{"at":{"x":"a","y":"b"}}}"#);
    assert_eq!(reported, ["`value.at.y` must be an integer between 0 and 255, not a string"]);
}

#[test]
fn names_in_a_location_can_be_quoted_on_one_line() {
    for (key, path) in [
        ("a`b", "value.a\u{fffd}b"),
        ("a\nb", "value.a\u{fffd}b"),
        ("", "value.\"\""),
        (&"k".repeat(64), &format!("value.{}", "k".repeat(64))),
        (&"k".repeat(65), &format!("value.{}…", "k".repeat(64))),
    ] {
        assert_eq!(problems::<HashMap<String, u8>>(&json!({ key: "x" }))[0].path(), path);
    }
}

/// Arguments that their type rejects as a whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Item")]
#[schemars(with = "Item")]
struct Order;

impl TryFrom<Item> for Order {
    type Error = &'static str;

    fn try_from(_: Item) -> Result<Self, Self::Error> {
        Err("sold out")
    }
}

#[test]
fn arguments_that_are_rejected_as_a_whole_have_no_location() {
    let schema = of_struct::<Order>();
    assert_eq!(messages::<Order>(&schema, r#"{"title":"a","count":1}"#), ["the tool rejected the arguments"]);
    assert_eq!(messages::<Order>(&schema, "[]"), ["arguments must be a JSON object, not an array"]);
}

#[test]
fn a_value_that_is_near_several_variants_is_compared_with_all() {
    let range = |low: u8, high: u8| json!({"type": "integer", "minimum": low, "maximum": high});
    let document = json!({
        "type": "object", "properties": {"value": {"anyOf": [range(0, 10), range(100, 200)]}}, "required": ["value"],
    });
    let schema = super::InputSchema::from_document(&document).expect("a schema");
    let expected = "`value` must be an integer between 0 and 10, or an integer between 100 and 200";
    assert_eq!(messages::<Value>(&schema, r#"{"value":50}"#), [expected]);
    assert_eq!(messages::<Value>(&schema, r#"{"value":"50"}"#), [format!("{expected}, not a string")]);
}
