//! Malicious bodies.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{One, input, messages, of_struct};

#[test]
fn deep_and_large_bodies_are_bounded() {
    let deep = format!("{{\"value\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(messages::<One<Value>>(&input::<Value>(), &deep).len(), 1);
    assert_eq!(messages::<One<u8>>(&input::<u8>(), &deep).len(), 1);
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
