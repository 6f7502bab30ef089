//! A wide table of types: each schema keeps the rules, takes the good values and refuses the bad.

#![allow(dead_code, reason = "only serde reads the fields")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Debug;
use std::num::{NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU64};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::lint::lint_root;
use super::{Maybe, input, optional, read, value_of, whole};

/// The type's schema keeps the rules; `good` values are read, `bad` ones are not, and jsonschema agrees.
fn holds<T: JsonSchema + DeserializeOwned + Debug>(good: &[Value], bad: &[Value]) {
    let schema = input::<T>();
    lint_root(schema.json());
    let root = Value::Object(schema.json().clone());
    let judge = jsonschema::draft202012::new(&root).expect("the schema compiles");
    let name = std::any::type_name::<T>();
    for value in good {
        let read = value_of::<T>(&schema, value);
        assert!(read.is_ok(), "{name}: {value} gives {:?}", read.err());
        let strict = without_nulls(value);
        assert!(
            judge.is_valid(&json!({ "value": strict })),
            "{name}: jsonschema refuses {value} by {root}"
        );
    }
    for value in bad {
        assert!(
            value_of::<T>(&schema, value).is_err(),
            "{name}: {value} is read"
        );
    }
    lint_root(optional::<T>().json());
    let absent = read::<Maybe<T>>(&optional::<T>(), &json!({}));
    assert!(
        absent.is_ok_and(|maybe| maybe.value.is_none()),
        "{name} is not optional"
    );
}

/// The value as the schema alone has it: there, an absent argument is absent and not `null`.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let present = map.iter().filter(|(_, value)| !value.is_null());
            present
                .map(|(key, value)| (key.clone(), without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[test]
fn integers_of_every_width() {
    holds::<i8>(
        &[json!(-128), json!(127), json!(5.0)],
        &[json!(128), json!(-129), json!(1.5), json!("5"), json!(null)],
    );
    holds::<i16>(&[json!(-32768)], &[json!(32768)]);
    holds::<i32>(
        &[json!(i32::MIN), json!(i32::MAX)],
        &[json!(i64::from(i32::MAX) + 1)],
    );
    holds::<i64>(
        &[json!(i64::MIN), json!(i64::MAX), json!(1e3)],
        &[json!(u64::MAX), json!(1e17), json!(1.5e300)],
    );
    holds::<i128>(
        &[json!(i64::MIN), json!(u64::MAX)],
        &[json!("1"), json!(0.5)],
    );
    holds::<isize>(&[json!(-1)], &[json!(true)]);
    holds::<u8>(
        &[json!(0), json!(255), json!(-0.0)],
        &[json!(256), json!(-1)],
    );
    holds::<u16>(&[json!(65535)], &[json!(65536)]);
    holds::<u32>(&[json!(u32::MAX)], &[json!(u64::from(u32::MAX) + 1)]);
    holds::<u64>(
        &[json!(u64::MAX), json!(9_007_199_254_740_992.0)],
        &[json!(-1), json!(1.8446744073709552e19)],
    );
    holds::<u128>(&[json!(u64::MAX)], &[json!(-1), json!([])]);
    holds::<usize>(&[json!(7)], &[json!({})]);
}

#[test]
fn integers_that_are_never_zero() {
    holds::<NonZeroU8>(&[json!(1), json!(255)], &[json!(0), json!(256)]);
    holds::<NonZeroU64>(&[json!(1)], &[json!(0), json!(-1)]);
    holds::<NonZeroI32>(
        &[json!(-1), json!(1)],
        &[json!(0), json!(0.0), json!(i64::MAX)],
    );
    holds::<NonZeroI64>(
        &[json!(i64::MIN), json!(i64::MAX), json!(-3.0)],
        &[json!(0)],
    );
    holds::<Option<NonZeroI32>>(&[json!(null), json!(1)], &[json!(0)]);
}

#[test]
fn floats_booleans_and_text() {
    holds::<f64>(
        &[json!(0), json!(-1.5), json!(u64::MAX), json!(1e300)],
        &[json!("1"), json!(null)],
    );
    holds::<f32>(
        &[json!(0.1), json!(3), json!(3e38)],
        &[json!(1e39), json!(-1e39)],
    );
    holds::<bool>(&[json!(true)], &[json!("true"), json!(0)]);
    holds::<char>(
        &[json!("é"), json!("🦀")],
        &[json!(""), json!("ab"), json!(1)],
    );
    holds::<String>(
        &[json!(""), json!("a\u{0}b")],
        &[json!(1), json!(null), json!(["a"])],
    );
    holds::<Box<str>>(&[json!("a")], &[json!(1)]);
    holds::<Cow<'static, str>>(&[json!("a")], &[json!(false)]);
    holds::<Box<i8>>(&[json!(1)], &[json!(300)]);
    holds::<()>(&[json!(null)], &[json!(0), json!({})]);
}

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
    holds::<Vec<u8>>(
        &[json!([]), json!([1, 2.0])],
        &[json!([256]), json!({}), json!("[]")],
    );
    holds::<Vec<Vec<u8>>>(&[json!([[1], []])], &[json!([1])]);
    holds::<[u8; 3]>(&[json!([1, 2, 3])], &[json!([1, 2]), json!([1, 2, 3, 4])]);
    holds::<(f64, f64)>(
        &[json!([1, 2.5])],
        &[json!([1]), json!([1, 2, 3]), json!([1, "2"])],
    );
    holds::<(u8, String)>(
        &[json!([1, "a"])],
        &[json!(["a", 1]), json!([1]), json!([1, "a", 2])],
    );
    holds::<(u8, Option<bool>, Vec<String>)>(&[json!([1, null, ["a"]])], &[json!([1, 2, []])]);
    holds::<BTreeSet<u8>>(&[json!([1, 2]), json!([1, 1])], &[json!(["1"])]);
    holds::<HashSet<String>>(&[json!(["a"])], &[json!([1])]);
    holds::<Arc<[u8]>>(&[json!([1])], &[json!([-1])]);
}

#[test]
fn maps_with_keys_of_every_form() {
    holds::<BTreeMap<String, u8>>(
        &[json!({}), json!({ "a": 1 })],
        &[json!({ "a": 256 }), json!([])],
    );
    holds::<BTreeMap<u16, bool>>(
        &[json!({ "7": true })],
        &[json!({ "a": true }), json!({ "-7": true })],
    );
    holds::<BTreeMap<i64, bool>>(
        &[json!({ "-7": true })],
        &[json!({ "7.5": true }), json!({ "7": 1 })],
    );
    holds::<HashMap<Mode, u8>>(&[json!({ "fast": 1 })], &[json!({ "other": 1 })]);
    holds::<HashMap<String, Vec<Option<u8>>>>(
        &[json!({ "a": [null, 1] })],
        &[json!({ "a": [-1] })],
    );
    holds::<HashMap<String, Value>>(&[json!({ "a": [1, { "b": null }] })], &[json!([])]);
    holds::<serde_json::Map<String, Value>>(&[json!({ "a": 1 })], &[json!(1)]);
}

#[test]
fn any_value_at_all() {
    let values = [
        json!(null),
        json!(1),
        json!("a"),
        json!([1, [2]]),
        json!({ "a": { "b": [null] } }),
        json!(true),
        json!(1.5),
    ];
    holds::<Value>(&values, &[]);
    holds::<Option<Value>>(&values, &[]);
    holds::<Vec<Value>>(&[json!(values)], &[json!({})]);
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Fast,
    VerySlow,
}

#[derive(Debug, Deserialize, JsonSchema)]
enum Documented {
    /// As soon as possible.
    Now,
    /// Tomorrow, at noon.
    Later,
    Never,
}

#[test]
fn enumerations() {
    holds::<Mode>(
        &[json!("fast"), json!("very_slow")],
        &[json!("Fast"), json!(0), json!({ "fast": null })],
    );
    holds::<Documented>(
        &[json!("Now"), json!("Never")],
        &[json!("now"), json!(null)],
    );
    holds::<Option<Documented>>(&[json!("Now"), json!(null)], &[json!("Soon")]);
    holds::<Vec<Documented>>(&[json!(["Now", "Later"])], &[json!(["Now", ""])]);
}

#[derive(Debug, Deserialize, JsonSchema)]
enum External {
    Unit,
    /// A circle.
    Circle(f64),
    Pair(u8, String),
    Square {
        side: f64,
        label: Option<String>,
    },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Internal {
    Empty,
    Circle { radius: f64 },
    Wrapped(Point),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Text(String),
    Point { x: i32 },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Id(u32),
    Name(String),
    Point(Point),
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Point {
    x: i32,
    y: i32,
}

#[test]
fn enums_with_data_in_every_style() {
    holds::<External>(
        &[
            json!("Unit"),
            json!({ "Circle": 1.5 }),
            json!({ "Pair": [1, "a"] }),
            json!({ "Square": { "side": 1, "label": null } }),
        ],
        &[
            json!("Circle"),
            json!({ "Circle": "1" }),
            json!({ "Circle": 1, "Pair": [] }),
            json!({ "Square": {} }),
            json!({}),
        ],
    );
    holds::<Internal>(
        &[
            json!({ "kind": "empty" }),
            json!({ "kind": "circle", "radius": 2 }),
            json!({ "kind": "wrapped", "x": 1, "y": 2.0 }),
        ],
        &[
            json!({ "kind": "oval" }),
            json!({ "radius": 2 }),
            json!({ "kind": "circle", "radius": 2, "extra": 1 }),
        ],
    );
    holds::<Adjacent>(
        &[
            json!({ "t": "Unit" }),
            json!({ "t": "Text", "c": "a" }),
            json!({ "c": { "x": 1 }, "t": "Point" }),
        ],
        &[
            json!({ "t": "Text" }),
            json!({ "t": "Text", "c": 1 }),
            json!({ "t": "Other" }),
        ],
    );
    holds::<Untagged>(
        &[json!(1), json!("a"), json!({ "x": 1, "y": 2 }), json!(3.0)],
        &[json!(-1), json!({ "x": 1 }), json!(null), json!(true)],
    );
    holds::<Option<Internal>>(&[json!(null), json!({ "kind": "empty" })], &[json!({})]);
    holds::<Result<u8, String>>(
        &[json!({ "Ok": 1 }), json!({ "Err": "a" })],
        &[json!({ "Ok": "a" })],
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    order_id: u64,
    #[serde(default)]
    lines: Vec<Line>,
    #[serde(default = "five")]
    priority: u8,
    note: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    _cache: u8,
    #[serde(rename = "type")]
    kind: Mode,
}

fn five() -> u8 {
    5
}

#[derive(Debug, Deserialize, serde::Serialize, JsonSchema)]
struct Line {
    price: f64,
    tags: Generic<String>,
}

#[derive(Debug, Deserialize, serde::Serialize, JsonSchema)]
struct Generic<T> {
    inner: T,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Newtype(u8);

#[derive(Debug, Deserialize, JsonSchema)]
struct Pair(u8, String);

#[derive(Debug, Deserialize, JsonSchema)]
struct Unit;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Transparent {
    point: Point,
}

#[test]
fn structs() {
    holds::<Order>(
        &[
            json!({ "orderId": 1, "type": "fast" }),
            json!({ "orderId": 1, "type": "fast", "note": null, "priority": null, "lines": [{ "price": 1, "tags": { "inner": "a" } }] }),
        ],
        &[
            json!({ "orderId": 1 }),
            json!({ "order_id": 1, "type": "fast" }),
            json!({ "orderId": 1, "type": "fast", "_cache": 1 }),
        ],
    );
    holds::<Generic<Generic<u8>>>(
        &[json!({ "inner": { "inner": 1 } })],
        &[json!({ "inner": { "inner": "1" } }), json!({ "inner": {} })],
    );
    holds::<Newtype>(&[json!(1)], &[json!([1]), json!(256)]);
    holds::<Pair>(&[json!([1, "a"])], &[json!([1])]);
    holds::<Unit>(&[json!(null)], &[json!({})]);
    holds::<Transparent>(&[json!({ "x": 1, "y": 2 })], &[json!({ "point": {} })]);
    holds::<Point>(
        &[json!({ "y": 1, "x": 2 })],
        &[json!([1, 2]), json!({ "x": 1, "y": 2, "z": 3 })],
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Flat {
    id: u8,
    #[serde(flatten)]
    point: Point,
    #[serde(flatten)]
    maybe: Option<Generic<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatEnum {
    id: u8,
    #[serde(flatten)]
    shape: Internal,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatTwice {
    #[serde(flatten)]
    shape: Internal,
    #[serde(flatten)]
    other: Adjacent,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatExternal {
    id: u8,
    #[serde(flatten)]
    shape: Option<External>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatMap {
    id: u8,
    #[serde(flatten)]
    rest: HashMap<String, u8>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct FlatAny {
    id: u8,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

#[test]
fn flattened_fields() {
    holds::<Flat>(
        &[
            json!({ "id": 1, "x": 1, "y": 2.0 }),
            json!({ "id": 1, "x": 1, "y": 2, "inner": "a" }),
        ],
        &[
            json!({ "id": 1, "x": 1 }),
            json!({ "id": 1, "x": 1, "y": 2, "z": 3 }),
            json!({ "id": 1, "x": 1, "y": "2" }),
        ],
    );
    holds::<FlatEnum>(
        &[
            json!({ "id": 1, "kind": "empty" }),
            json!({ "id": 1, "kind": "circle", "radius": 1 }),
        ],
        &[
            json!({ "id": 1 }),
            json!({ "id": 1, "kind": "circle" }),
            json!({ "kind": "empty" }),
        ],
    );
    holds::<FlatTwice>(
        &[json!({ "kind": "empty", "t": "Text", "c": "a" })],
        &[
            json!({ "kind": "empty" }),
            json!({ "kind": "empty", "t": "Text" }),
        ],
    );
    holds::<FlatExternal>(
        &[json!({ "id": 1 }), json!({ "id": 1, "Circle": 2 })],
        &[json!({ "id": 1, "Oval": 2 })],
    );
    holds::<FlatMap>(
        &[json!({ "id": 1, "a": 2 })],
        &[json!({ "id": 1, "a": 256 }), json!({ "a": 1 })],
    );
    holds::<FlatAny>(&[json!({ "id": 1, "a": [null] })], &[json!({ "id": "1" })]);
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Tree {
    name: String,
    #[serde(default)]
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Left {
    right: Option<Box<Right>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Right {
    left: Vec<Left>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "op")]
enum Expression {
    Number { value: f64 },
    Not(Operand),
    Sum { terms: Vec<Expression> },
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Operand {
    of: Box<Expression>,
}

impl serde::Serialize for Tree {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

#[test]
fn types_that_contain_themselves() {
    holds::<Tree>(
        &[
            json!({ "name": "a", "children": [{ "name": "b", "children": [] }], "parent": { "name": "c", "parent": null } }),
        ],
        &[
            json!({ "name": "a", "children": [{ "name": 1 }] }),
            json!({ "name": "a", "parent": { "nam": "" } }),
        ],
    );
    holds::<Left>(
        &[
            json!({}),
            json!({ "right": { "left": [{ "right": null }] } }),
        ],
        &[json!({ "right": { "left": [1] } })],
    );
    holds::<Expression>(
        &[json!({ "op": "Not", "of": { "op": "Sum", "terms": [{ "op": "Number", "value": 1 }] } })],
        &[json!({ "op": "Not", "of": { "op": "Sum", "terms": [{ "op": "Number" }] } })],
    );
}

#[test]
fn types_of_other_crates() {
    holds::<uuid::Uuid>(
        &[json!("67e55044-10b1-426f-9247-bb680e5fe0c8")],
        &[json!("67e55044"), json!(1)],
    );
    holds::<chrono::DateTime<chrono::Utc>>(
        &[json!("2026-01-31T09:30:00Z")],
        &[json!("2026-02-31T09:30:00Z"), json!("soon")],
    );
    holds::<chrono::NaiveDate>(&[json!("2026-01-31")], &[json!("2026-02-31")]);
    holds::<chrono::NaiveDateTime>(&[json!("2026-01-31T09:30:00")], &[json!("2026-01-31")]);
    holds::<url::Url>(&[json!("https://example.com/a?b#c")], &[json!("example")]);
    holds::<std::net::IpAddr>(&[json!("127.0.0.1"), json!("::1")], &[json!("300.0.0.1")]);
    holds::<std::time::Duration>(
        &[json!({ "secs": 1, "nanos": 0 })],
        &[json!({ "secs": -1, "nanos": 0 }), json!(1)],
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Limits {
    #[schemars(range(min = 1, max = 10))]
    count: i64,
    #[schemars(length(min = 1, max = 3))]
    name: String,
    #[schemars(regex(pattern = r"^[a-z]+$"))]
    slug: Option<String>,
    #[schemars(length(min = 1), inner(length(min = 2)))]
    tags: Vec<String>,
    #[schemars(range(max = 5))]
    never_zero: Option<NonZeroI32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Validated {
    #[validate(length(min = 2), email)]
    email: String,
    #[garde(range(min = 18))]
    age: u8,
}

#[test]
fn limits_written_on_a_type() {
    let good = json!({ "count": 1, "name": "abc", "slug": "a", "tags": ["ab"], "never_zero": -7 });
    let with = |key: &str, value: Value| {
        let mut changed = good.clone();
        changed[key] = value;
        changed
    };
    holds::<Limits>(
        &[
            good.clone(),
            with("slug", json!(null)),
            with("count", json!(10.0)),
        ],
        &[
            with("count", json!(0)),
            with("name", json!("")),
            with("name", json!("abcd")),
            with("slug", json!("A1")),
            with("tags", json!([])),
            with("tags", json!(["a"])),
            with("never_zero", json!(6)),
            with("never_zero", json!(0)),
        ],
    );
    holds::<Validated>(
        &[json!({ "email": "a@b", "age": 18 })],
        &[
            json!({ "email": "a@b", "age": 17 }),
            json!({ "email": "a", "age": 18 }),
        ],
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    a: u8,
}

/// Written by hand, as for an enum with numbers.
#[derive(Debug, Deserialize)]
#[serde(try_from = "u8")]
struct Level(u8);

impl TryFrom<u8> for Level {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        if level < 3 {
            Ok(Self(level))
        } else {
            Err("too high")
        }
    }
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": [1, 2, 3] })
    }
}

#[test]
fn a_struct_as_the_whole_input() {
    let schema = whole::<Flat>();
    lint_root(schema.json());
    assert!(
        read::<Flat>(
            &schema,
            &json!({ "id": 1.0, "x": 1, "y": 2, "inner": null })
        )
        .is_ok()
    );
    assert!(read::<Flat>(&schema, &json!({ "id": 1, "x": 1, "y": 2, "z": 3 })).is_err());
    let schema = whole::<Strict>();
    lint_root(schema.json());
    assert!(read::<Strict>(&schema, &json!({ "a": 1, "b": 2 })).is_err());
}

#[test]
fn numbers_to_choose_from() {
    holds::<Level>(
        &[json!(1), json!(2.0)],
        &[json!(4), json!(1.5), json!("1"), json!(3)],
    );
}
