//! Options, arrays, tuples, sets and maps.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Mode, holds, holds_beyond};
use crate::schema::tests::{input, value_of};

#[test]
fn options_at_every_level() {
    holds::<Option<u8>>(&[json!(null), json!(3)], &[json!(256), json!("3")]);
    holds::<Option<Option<u8>>>(&[json!(null), json!(3)], &[json!(-1)]);
    holds::<Vec<Option<String>>>(&[json!(["a", null])], &[json!([1]), json!(null)]);
    holds::<Vec<Option<Mode>>>(&[json!(["fast", null])], &[json!(["fastt"])]);
    holds::<HashMap<String, Option<u8>>>(&[json!({ "a": null, "b": 1 })], &[json!({ "a": 256 })]);
}

#[test]
fn arrays_tuples_and_sets() {
    holds::<Vec<u8>>(&[json!([]), json!([1, 2.0])], &[json!([256]), json!({}), json!("[]")]);
    holds::<Vec<Vec<u8>>>(&[json!([[1], []])], &[json!([1])]);
    holds::<[u8; 3]>(&[json!([1, 2, 3])], &[json!([1, 2]), json!([1, 2, 3, 4])]);
    holds::<(f64, f64)>(&[json!([1, 2.5])], &[json!([1]), json!([1, 2, 3]), json!([1, "2"])]);
    holds_beyond::<(u8, String)>(&[json!([1, "a"])], &[json!([1]), json!([1, "a", 2])], &[json!(["a", 1])]);
    holds_beyond::<(u8, Option<bool>, Vec<String>)>(&[json!([1, null, ["a"]])], &[json!([1])], &[json!([1, 2, []])]);
    holds::<BTreeSet<u8>>(&[json!([1, 2]), json!([1, 1])], &[json!(["1"])]);
    holds::<HashSet<String>>(&[json!(["a"])], &[json!([1])]);
    holds::<Arc<[u8]>>(&[json!([1])], &[json!([-1])]);
}

#[test]
fn maps_with_every_kind_of_key() {
    holds::<BTreeMap<String, u8>>(&[json!({}), json!({ "a": 1 })], &[json!({ "a": 256 }), json!([])]);
    let forms = [json!({ "a": true }), json!({ "-7": true })];
    holds_beyond::<BTreeMap<u16, bool>>(&[json!({ "7": true, "0": true })], &[json!({ "7": 1 })], &forms);
    holds_beyond::<BTreeMap<i64, bool>>(&[json!({ "-7": true })], &[json!({ "7": 1 })], &[json!({ "7.5": true })]);
    holds::<HashMap<Mode, u8>>(&[json!({ "fast": 1 })], &[json!({ "other": 1 })]);
    holds::<HashMap<String, Vec<Option<u8>>>>(&[json!({ "a": [null, 1] })], &[json!({ "a": [-1] })]);
    holds::<HashMap<String, Value>>(&[json!({ "a": [1, { "b": null }] })], &[json!([])]);
    holds::<serde_json::Map<String, Value>>(&[json!({ "a": 1 })], &[json!(1)]);
}

/// Two entries would be one.
#[test]
fn another_form_of_an_integer_is_not_a_key() {
    for key in ["01", "-01", "-0", "00", "+1", "1.0"] {
        let read = value_of::<BTreeMap<i64, bool>>(&input::<BTreeMap<i64, bool>>(), &json!({ key: true }));
        assert!(read.is_err(), "{key}");
    }
}

#[test]
fn any_value() {
    let values =
        [json!(null), json!(1), json!("a"), json!([1, [2]]), json!({ "a": { "b": [null] } }), json!(true), json!(1.5)];
    holds::<Value>(&values, &[]);
    holds::<Option<Value>>(&values, &[]);
    holds::<Vec<Value>>(&[json!(values)], &[json!({})]);
}
