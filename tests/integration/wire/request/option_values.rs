//! Option values: each Rust type has one type on the wire.

use coral_tools::session::OptionValue;
use coral_tools::{Dialect, SessionRequest};
use serde_json::{Value, json};

use super::agent;

fn in_dialect(value: impl Into<OptionValue>, dialect: Dialect) -> Value {
    let request = SessionRequest::in_namespace("default").agent(agent("writer").option("O", value));
    let body = request.to_json(dialect).expect("a valid value");
    body["agentGraphRequest"]["agents"][0]["options"]["O"].clone()
}

fn written(value: impl Into<OptionValue>) -> Value {
    in_dialect(value, Dialect::Server1_2)
}

#[test]
fn the_rust_type_determines_the_tag() {
    assert_eq!(written("text"), json!({"type": "string", "value": "text"}));
    assert_eq!(written(String::from("text")), json!({"type": "string", "value": "text"}));
    assert_eq!(written(true), json!({"type": "bool", "value": true}));
    assert_eq!(written(50), json!({"type": "i32", "value": 50}));
    assert_eq!(written(i8::MIN), json!({"type": "i8", "value": -128}));
    assert_eq!(written(i16::MAX), json!({"type": "i16", "value": 32767}));
    assert_eq!(written(i64::MIN), json!({"type": "i64", "value": i64::MIN}));
    assert_eq!(written(u8::MAX), json!({"type": "u8", "value": 255}));
    assert_eq!(written(u16::MAX), json!({"type": "u16", "value": 65535}));
    assert_eq!(written(u32::MAX), json!({"type": "u32", "value": u32::MAX}));
    assert_eq!(written(0.5_f32), json!({"type": "f32", "value": 0.5}));
    assert_eq!(written(0.1), json!({"type": "f64", "value": 0.1}));
}

#[test]
fn lists_have_one_item_type() {
    assert_eq!(written(["a", "b"]), json!({"type": "list[string]", "value": ["a", "b"]}));
    assert_eq!(written(vec![String::from("a")]), json!({"type": "list[string]", "value": ["a"]}));
    assert_eq!(written([1_u8, 2].as_slice()), json!({"type": "list[u8]", "value": [1, 2]}));
    assert_eq!(written(Vec::<f64>::new()), json!({"type": "list[f64]", "value": []}));
}

/// Servers reject a number of that size, and JavaScript rounds it.
#[test]
fn a_u64_is_rendered_as_a_string() {
    assert_eq!(written(u64::MAX), json!({"type": "u64", "value": "18446744073709551615"}));
    assert_eq!(written([1_u64]), json!({"type": "list[u64]", "value": ["1"]}));
}

#[test]
fn blobs_are_base64_or_signed_bytes_before_1_1() {
    let blob = || OptionValue::blob([0, 127, 255]);
    assert_eq!(written(blob()), json!({"type": "blob", "value": "AH//"}));
    assert_eq!(written(OptionValue::blobs([b"f", b"o"])), json!({"type": "list[blob]", "value": ["Zg==", "bw=="]}));
    assert_eq!(in_dialect(blob(), Dialect::Nested), json!({"type": "blob", "value": [0, 127, -1]}));
}

#[test]
fn a_repeated_option_replaces_the_value() {
    let request = SessionRequest::in_namespace("default").agent(agent("writer").option("A", 1).option("A", "x"));
    let body = request.to_json(Dialect::Server1_2).expect("a valid request");
    let options = &body["agentGraphRequest"]["agents"][0]["options"];
    assert_eq!(*options, json!({"A": {"type": "string", "value": "x"}}));
}
