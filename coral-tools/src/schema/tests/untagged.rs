//! Untagged enums, of which serde reads the first variant that matches.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{InputSchema, input, of_struct, read, schema_fn, try_constrained, value_of};

/// Returns the location and the message of the only problem. Serde drops a key of `value`.
fn drops<T: JsonSchema + DeserializeOwned + Serialize>(value: &Value) -> (String, String) {
    let read: T = serde_json::from_value(value.clone()).expect("serde reads the value");
    assert_ne!(serde_json::to_value(&read).expect("it serializes"), *value, "serde keeps the keys");
    let problems = try_constrained::<T>(&[]).expect_err("the type should be rejected");
    assert_eq!(problems.len(), 1, "{problems:?}");
    (problems[0].path().to_owned(), problems[0].message().to_owned())
}

/// Checks that each value is accepted and keeps every key.
fn keeps<T: JsonSchema + DeserializeOwned + Serialize>(values: &[Value]) {
    let schema = input::<T>();
    for value in values {
        let read = value_of::<T>(&schema, value).unwrap_or_else(|problems| panic!("{value}: {problems:?}"));
        assert_eq!(serde_json::to_value(&read).expect("it serializes"), *value);
    }
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum SmallFirst {
    Small { x: u8 },
    Large { x: u8, y: u8 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum Denying {
    Small { x: u8 },
    Large { x: u8, y: u8 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum LargeFirst {
    Large { x: u8, y: u8 },
    Small { x: u8 },
}

#[test]
fn a_variant_that_hides_a_later_one_is_rejected() {
    let (path, message) = drops::<SmallFirst>(&json!({ "x": 1, "y": 2 }));
    assert_eq!(path, "value");
    assert_eq!(
        message,
        "serde reads the first variant that matches, so it reads some values with `y` as an earlier variant and drops \
         it; write `#[serde(deny_unknown_fields)]` on the enum or the struct of the earlier variant, or move the \
         variant with more fields up"
    );
    let values = [json!({ "x": 1 }), json!({ "x": 1, "y": 2 })];
    keeps::<Denying>(&values);
    keeps::<LargeFirst>(&values);
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Open {
    id: u8,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    id: u8,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Named {
    id: u8,
    name: Option<String>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Either<A, B> {
    A(A),
    B(B),
}

#[test]
fn structs_maps_and_any_value_after_an_open_struct_are_rejected() {
    let named = json!({ "id": 1, "name": "a" });
    assert!(drops::<Either<Open, Named>>(&named).1.contains("`name`"));
    keeps::<Either<Closed, Named>>(&[named.clone(), json!({ "id": 1 })]);
    let map = json!({ "id": 1, "a": 2 });
    assert!(drops::<Either<Open, HashMap<String, u8>>>(&map).1.contains("other keys"));
    keeps::<Either<Closed, HashMap<String, u8>>>(&[map.clone(), json!({ "id": 1 })]);
    assert!(drops::<Either<Open, Value>>(&map).1.contains("other keys"));
    keeps::<Either<Closed, Value>>(&[map.clone(), json!(1)]);
    keeps::<Either<HashMap<String, u8>, Value>>(&[map, json!({ "a": "b" })]);
    assert_eq!(drops::<Vec<Option<Either<Open, Named>>>>(&json!([named])).0, "value[]");
    assert_eq!(drops::<Either<u8, Either<Open, Named>>>(&named).0, "value");
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Optional {
    A { a: Option<u8> },
    B { b: Option<u8> },
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Around<T> {
    data: T,
}

#[test]
fn keys_of_optional_and_nested_fields_are_compared() {
    assert!(drops::<Optional>(&json!({ "b": 1 })).1.contains("`b`"));
    let nested = json!({ "data": [{ "id": 1, "name": "a" }] });
    assert!(drops::<Either<Around<Vec<Open>>, Around<Vec<Named>>>>(&nested).1.contains("`name`"));
    keeps::<Either<Around<Vec<Closed>>, Around<Vec<Named>>>>(&[nested]);
    keeps::<Either<Around<LargeFirst>, Around<(LargeFirst, u8)>>>(&[json!({ "data": { "x": 1 } })]);
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct WithExtra<T> {
    data: T,
    extra: u8,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClosedAround<T> {
    data: T,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct OptionalExtra<T> {
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<u8>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct AroundOthers<T> {
    data: T,
    #[serde(flatten)]
    others: HashMap<String, u8>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Titled<T> {
    data: T,
    title: String,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Pair {
    x: u8,
    y: u8,
}

/// `null` for it is absent, as is any value that serde reads as `None`.
#[derive(Deserialize, Serialize, JsonSchema)]
struct OptionalData {
    data: Option<u8>,
}

#[test]
fn a_value_that_an_earlier_variant_may_read_is_compared_with_it() {
    let extra = |data: Value| json!({ "data": data, "extra": 1 });
    assert!(drops::<Either<Around<Vec<u8>>, WithExtra<Vec<String>>>>(&extra(json!([]))).1.contains("`extra`"));
    keeps::<Either<Around<(u8, u8)>, WithExtra<(String, u8)>>>(&[extra(json!(["a", 1])), json!({ "data": [1, 1] })]);
    assert!(drops::<Either<Around<Value>, WithExtra<u8>>>(&extra(json!(1))).1.contains("`extra`"));
    assert!(drops::<Either<Around<u8>, WithExtra<Value>>>(&extra(json!(1))).1.contains("`extra`"));
    assert!(drops::<Either<Around<Either<bool, u8>>, WithExtra<u8>>>(&extra(json!(1))).1.contains("`extra`"));
    assert!(drops::<Either<Around<u8>, WithExtra<Either<bool, u8>>>>(&extra(json!(1))).1.contains("`extra`"));
    keeps::<Either<Around<Pair>, WithExtra<Open>>>(&[extra(json!({ "id": 1 })), json!({ "data": { "x": 1, "y": 1 } })]);
    assert!(drops::<Either<OptionalData, WithExtra<()>>>(&extra(json!(null))).1.contains("`extra`"));
    keeps::<Either<Around<u8>, WithExtra<()>>>(&[extra(json!(null)), json!({ "data": 1 })]);
    let named = json!({ "id": 1, "name": "a" });
    assert!(drops::<Either<Around<Open>, Around<Either<u8, Named>>>>(&json!({ "data": named })).1.contains("`name`"));
    assert!(drops::<Either<Around<Either<u8, Open>>, Around<Named>>>(&json!({ "data": named })).1.contains("`name`"));
    let closed = json!({ "data": named });
    assert!(drops::<Either<ClosedAround<Open>, OptionalExtra<Named>>>(&closed).1.contains("`name`"));
    let titled = json!({ "data": named, "title": "a" });
    keeps::<Either<AroundOthers<Open>, Titled<Named>>>(&[titled]);
    let extra = json!({ "data": named, "extra": 1 });
    assert!(drops::<Either<AroundOthers<Open>, WithExtra<Named>>>(&extra).1.contains("`name`"));
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Distinct {
    Text { data: String, format: Option<u8> },
    Number { data: u8, unit: u8 },
    List { data: Vec<u8>, length: u8 },
    Named { name: String },
    Point { x: u8, y: u8 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Internal {
    A { x: u8 },
    B { x: u8, y: u8 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    A { x: u8 },
    B { x: u8, y: u8 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
enum External {
    A { x: u8 },
    B { x: u8, y: u8 },
}

#[test]
fn variants_that_serde_distinguishes_are_accepted() {
    keeps::<Distinct>(&[
        json!({ "data": "a", "format": 1 }),
        json!({ "data": 1, "unit": 2 }),
        json!({ "data": [], "length": 2 }),
        json!({ "name": "a" }),
        json!({ "x": 1, "y": 2 }),
    ]);
    keeps::<Internal>(&[json!({ "kind": "A", "x": 1 }), json!({ "kind": "B", "x": 1, "y": 2 })]);
    keeps::<Adjacent>(&[json!({ "t": "A", "c": { "x": 1 } }), json!({ "t": "B", "c": { "x": 1, "y": 2 } })]);
    keeps::<External>(&[json!({ "A": { "x": 1 } }), json!({ "B": { "x": 1, "y": 2 } })]);
    keeps::<Either<Internal, External>>(&[json!({ "kind": "B", "x": 1, "y": 2 }), json!({ "A": { "x": 1 } })]);
    keeps::<Option<Named>>(&[json!(null), json!({ "id": 1, "name": "a" })]);
    keeps::<Result<Open, Named>>(&[json!({ "Err": { "id": 1, "name": "a" } })]);
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Recursive {
    Leaf { value: u8 },
    Node { value: u8, below: Vec<Recursive> },
}

#[test]
fn a_recursive_type_is_named_in_the_location() {
    assert_eq!(drops::<Recursive>(&json!({ "value": 1, "below": [] })).0, "Recursive");
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Flat<T> {
    id: u8,
    #[serde(flatten)]
    rest: T,
}

/// schemars removes `additionalProperties: false` from flattened types, so `deny_unknown_fields` is not visible there.
#[test]
fn the_order_decides_in_a_flattened_enum() {
    let body = json!({ "id": 1, "x": 1, "y": 2 });
    assert!(drops::<Flat<SmallFirst>>(&body).1.contains("`y`"));
    keeps::<Flat<LargeFirst>>(&[body, json!({ "id": 1, "x": 1 })]);
    keeps::<Flat<Internal>>(&[json!({ "id": 1, "kind": "B", "x": 1, "y": 2 })]);
    assert!(InputSchema::from_type(schema_fn::<Around<SmallFirst>>()).is_err());
    let whole = read::<Around<Denying>>(&of_struct::<Around<Denying>>(), &json!({ "data": { "x": 1, "y": 2 } }));
    assert!(whole.is_ok());
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Lists {
    Numbers(Vec<u8>),
    Rows(Vec<Vec<u8>>),
    Named(HashMap<String, Either<bool, Vec<String>>>),
}

#[test]
fn arrays_are_told_apart_by_their_items() {
    let lists = [json!([1, 2]), json!([[1], [], [2]]), json!([]), json!({ "a": ["b"], "c": true })];
    keeps::<Lists>(&lists);
    keeps::<Either<u8, Lists>>(&lists);
    keeps::<Vec<Either<Lists, Value>>>(&[json!([[1], [[1]], { "a": [] }, "text", [1, "a"]])]);
    for value in [json!([1, [2]]), json!([256]), json!({ "a": [1] }), json!("a")] {
        assert!(value_of::<Lists>(&input::<Lists>(), &value).is_err(), "{value}");
    }
}
