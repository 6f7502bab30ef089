//! Bodies made to do harm.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{One, complaints, input, of_struct};

#[test]
fn deep_and_large_bodies_are_bounded() {
    let deep = format!("{{\"value\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(complaints::<One<Value>>(&input::<Value>(), &deep).len(), 1);
    assert_eq!(complaints::<One<u8>>(&input::<u8>(), &deep).len(), 1);
    let objects = "{\"value\":".repeat(100_000);
    assert_eq!(complaints::<One<u8>>(&input::<u8>(), &objects).len(), 1);
    let wrong = json!({ "value": vec!["x"; 1000] });
    let told = complaints::<One<Vec<u8>>>(&input::<Vec<u8>>(), &wrong.to_string());
    assert_eq!((told.len(), told[32].as_str()), (33, "and 968 more problems"));
    let name = "n".repeat(10_000);
    let told = complaints::<One<u8>>(&input::<u8>(), &json!({ "value": 1, name: 1 }).to_string());
    assert!(told[0].len() < 200, "{told:?}");
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
fn variants_within_variants_do_not_take_forever() {
    let mut value = json!("wrong");
    for _ in 0..60 {
        value = json!({ "next": value });
    }
    assert!(!complaints::<One<Chain>>(&input::<Chain>(), &json!({ "value": value }).to_string()).is_empty());
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only serde reads the fields")]
struct Padded {
    padding: Value,
    amount: u8,
}

#[test]
fn a_repeated_key_cannot_hide_behind_others() {
    let padding = "\"a\":1,\"a\":1,\"b\":{\"a\":1,\"a\":1},".repeat(100);
    let body = format!("{{\"padding\":{{{padding}\"z\":0}},\"amount\":1,\"amount\":2}}");
    let told = complaints::<Padded>(&of_struct::<Padded>(), &body);
    assert_eq!(told, ["`amount` is given more than once"]);
}

#[test]
fn many_wrong_names_are_not_all_looked_up() {
    let names = (0..200_000).map(|number| (format!("contents{number}"), json!(0)));
    let body = Value::Object(names.collect()).to_string();
    assert_eq!(complaints::<Padded>(&of_struct::<Padded>(), &body).len(), 33);
}
