//! Malicious bodies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{One, input, messages, of_struct};
use crate::schema::read::budget::Budget;
use crate::schema::read::read;
use crate::schema::tree::node::SchemaTree;
use crate::toolset::Outcome;

#[test]
fn deep_and_large_bodies_are_bounded() {
    let deep = format!("{{\"value\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let too_deep = ["the arguments are nested more than 128 levels deep; send a flatter value"];
    assert_eq!(messages::<One<Value>>(&input::<Value>(), &deep), too_deep);
    assert_eq!(messages::<One<u8>>(&input::<u8>(), &deep), too_deep);
    let objects = "{\"value\":".repeat(100_000);
    assert_eq!(messages::<One<u8>>(&input::<u8>(), &objects).len(), 1);
    let wrong = json!({ "value": vec!["x"; 1000] });
    let reported = messages::<One<Vec<u8>>>(&input::<Vec<u8>>(), &wrong.to_string());
    assert_eq!((reported.len(), reported[32].as_str()), (33, "and 968 more problems"));
    let name = "n".repeat(10_000);
    let reported = messages::<One<u8>>(&input::<u8>(), &json!({ "value": 1, name: 1 }).to_string());
    assert!(reported[0].len() < 200, "{reported:?}");
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Tree {
    Leaf(u8),
    Branch(BTreeMap<String, Tree>),
}

/// Quotes take two bytes in JSON, and the path of one problem is in the message and in its details.
#[test]
fn an_answer_about_a_path_of_long_keys_is_bounded() {
    let key = "\"".repeat(1000);
    let nested = (0..100).fold(json!(true), |value, _| json!({ key.clone(): value }));
    let body = json!({ "value": nested }).to_string();
    let problems = read::<One<Tree>>(&input::<Tree>().tree, body.as_bytes()).unwrap_err();
    assert!(problems[0].path().starts_with("value.\"") && problems[0].path().ends_with("\"…"), "{problems:?}");
    let answer = Outcome::BadArguments(problems).into_json();
    assert!(answer.len() <= 8 * 1024, "{} bytes", answer.len());
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Chain {
    A { next: Box<Chain> },
    B { next: Box<Chain>, b: Option<u8> },
    C { next: Box<Chain>, c: Option<u8> },
    End(bool),
}

#[test]
fn nested_unions_are_bounded() {
    let mut value = json!("wrong");
    for _ in 0..60 {
        value = json!({ "next": value });
    }
    assert!(!messages::<One<Chain>>(&input::<Chain>(), &json!({ "value": value }).to_string()).is_empty());
}

/// Each variant shares its field with the others: the work doubles with each level, unless each value is compared once.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Twin {
    Left { next: Box<Twin>, left: bool },
    Right { next: Box<Twin>, right: bool },
    End(bool),
}

fn twins(depth: usize, leaf: &Value) -> Value {
    (0..depth).fold(leaf.clone(), |next, _| json!({ "next": next, "right": true }))
}

#[test]
fn the_variant_of_a_value_is_selected_once() {
    let deep = twins(60, &json!(true)).to_string();
    let tree = &input::<Twin>().tree;
    let steps = steps_of(tree, &format!("{{\"value\":{deep}}}"));
    assert!(steps < 60 * 20, "{steps} steps");
}

#[test]
fn a_wrong_leaf_in_nested_unions_is_reported_at_its_path() {
    let body = json!({ "value": twins(3, &json!(1)) }).to_string();
    let reported = messages::<One<Twin>>(&input::<Twin>(), &body);
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(reported[0].starts_with("`value.next.next.next` must be"), "{reported:?}");
}

macro_rules! wide {
    ($($name:ident)*) => {
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only serde reads the fields")]
        struct WideA { a: u8, $($name: Option<u8>),* }

        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only serde reads the fields")]
        struct WideB { b: u8, $($name: Option<u8>),* }
    };
}

wide! {
    f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24 f25 f26 f27 f28 f29
    f30 f31 f32 f33 f34 f35 f36 f37 f38 f39 f40 f41 f42 f43 f44 f45 f46 f47 f48 f49 f50 f51 f52 f53 f54 f55 f56 f57 f58 f59
    f60 f61 f62 f63 f64 f65 f66 f67 f68 f69 f70 f71 f72 f73 f74 f75 f76 f77 f78 f79 f80 f81 f82 f83 f84 f85 f86 f87 f88 f89
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only serde reads the fields")]
enum Wide {
    A(WideA),
    B(WideB),
}

/// The number of steps that reading a body takes from its budget.
fn steps_of(tree: &SchemaTree, body: &str) -> u64 {
    let budget = Budget::for_body(body.len());
    let before = budget.left();
    _ = crate::schema::read::read_within::<IgnoredAny>(tree, &budget, body.as_bytes());
    before - budget.left()
}

#[test]
fn unions_of_wide_structs_are_linear_in_the_body() {
    let tree = &input::<Vec<Wide>>().tree;
    let body = |items: usize, item: &str| format!("{{\"value\":[{}]}}", vec![item; items].join(","));
    for item in [r#"{"b":1,"f00":2}"#, r#"{"b":1,"unknown":2}"#, r#"{"b":1,"f00":"x"}"#, "{}", r#"{"f01":1}"#] {
        let (few, many) = (steps_of(tree, &body(100, item)), steps_of(tree, &body(1000, item)));
        assert!(many < 11 * few, "{item}: {few} and {many} steps");
        assert!(many < 1000 * 40, "{item}: {many} steps");
    }
    let reported = messages::<One<Vec<Wide>>>(&input::<Vec<Wide>>(), &body(2, r#"{"b":1,"f001":2}"#));
    assert_eq!(
        reported,
        ["unknown field `value[0].f001`; did you mean `f01`?", "unknown field `value[1].f001`; did you mean `f01`?"]
    );
}

#[test]
fn arguments_beyond_the_budget_are_called_too_much() {
    let body = br#"{"value": [1, 2, 3]}"#;
    let tree = &input::<Value>().tree;
    let budget = Budget::with_steps(2);
    let problems = crate::schema::read::read_within::<u8>(tree, &budget, body).expect_err("too much");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].to_string(), "the arguments take too much work to check; send fewer or smaller values");
}

/// Documented in `docs/schemas.md`.
#[test]
fn the_budget_of_a_call_grows_with_the_body() {
    assert_eq!(Budget::for_body(0).left(), 1_000_000);
    assert_eq!(Budget::for_body(1000).left(), 1_016_000);
}

#[test]
fn a_smaller_budget_changes_no_problem() {
    let tree = &input::<Vec<Wide>>().tree;
    let body = r#"{"value": [{"b": 1, "f00": 2}, {"b": 1, "f001": 2}, {"a": "x", "f01": null}, {}]}"#;
    let problems = |steps| {
        let budget = Budget::with_steps(steps);
        let read = crate::schema::read::read_within::<One<Vec<Wide>>>(tree, &budget, body.as_bytes());
        read.expect_err("the body is invalid").iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let all = problems(1_000_000);
    assert_eq!(all.len(), 3, "{all:?}");
    let too_much = ["the arguments take too much work to check; send fewer or smaller values"];
    let needed = (0..10_000).find(|steps| problems(*steps) == all).expect("enough steps");
    assert!(needed > 50, "{needed} steps");
    for steps in 0..2 * needed {
        let found = problems(steps);
        assert_eq!(found == all, steps >= needed, "{steps} steps");
        assert!(found == all || found == too_much, "{steps} steps: {found:?}");
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Padded {
    padding: Value,
    amount: u8,
}

#[test]
fn a_duplicate_key_is_found_behind_many_irrelevant_ones() {
    let padding = "\"a\":1,\"a\":1,\"b\":{\"a\":1,\"a\":1},".repeat(100);
    let body = format!("{{\"padding\":{{{padding}\"z\":0}},\"amount\":1,\"amount\":2}}");
    let reported = messages::<Padded>(&of_struct::<Padded>(), &body);
    assert_eq!(reported, ["`amount` is given more than once"]);
}

#[test]
fn only_the_listed_unknown_names_are_compared() {
    let names = (0..200_000).map(|number| (format!("contents{number}"), json!(0)));
    let body = Value::Object(names.collect()).to_string();
    assert_eq!(messages::<Padded>(&of_struct::<Padded>(), &body).len(), 33);
}

#[test]
fn patterns_that_take_too_long_are_not_run() {
    let schema = super::constrained::<String>(&[super::Constraint::Pattern("[a-z0-9-]{20,200}!")]);
    let body = |length: usize| json!({ "value": "a".repeat(length) }).to_string();
    let short = messages::<One<String>>(&schema, &body(1000));
    assert_eq!(short, ["`value` must be a string matching `[a-z0-9-]{20,200}!`"]);
    let long = messages::<One<String>>(&schema, &body(250_000));
    assert_eq!(long, ["the arguments take too much work to check; send fewer or smaller values"]);
    let limits = [super::Constraint::Pattern("[a-z0-9-]{20,200}!"), super::Constraint::MaxLength(500)];
    let limited = messages::<One<String>>(&super::constrained::<String>(&limits), &body(250_000));
    assert!(limited[0].starts_with("`value` must be a string of at most 500 characters"), "{limited:?}");
    let simple = super::constrained::<String>(&[super::Constraint::Pattern("^[a-z]+$")]);
    assert!(simple.read::<One<String>>(body(250_000).as_bytes()).is_ok());
}
