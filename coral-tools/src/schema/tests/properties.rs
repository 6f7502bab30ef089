//! What the schema says is what is read, for any value and any body.

use std::collections::{BTreeMap, HashMap};

use proptest::collection::vec;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{output, read, whole};
use crate::schema::check::check;
use crate::schema::read::stream;
use crate::schema::{InputSchema, Problem};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Everything {
    tiny: i8,
    wide: u64,
    #[schemars(range(min = -2.5, max = 1e6))]
    ratio: f64,
    single: f32,
    flag: bool,
    #[schemars(length(min = 1, max = 5))]
    name: String,
    #[schemars(regex(pattern = "^[a-c]{2,4}$"))]
    slug: Option<String>,
    letter: char,
    mode: Mode,
    maybe_mode: Option<Mode>,
    #[schemars(length(max = 3))]
    points: Vec<Point>,
    triple: [u16; 3],
    holes: Vec<Option<i32>>,
    scores: BTreeMap<String, i16>,
    shape: Shape,
    loose: Loose,
    tree: Tree,
    #[serde(default)]
    any: Value,
    never_zero: std::num::NonZeroI16,
    #[serde(flatten)]
    flat: Flat,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
enum Mode {
    Fast,
    /// Not fast.
    Slow,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Point {
    x: i32,
    y: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Shape {
    Empty,
    Circle { radius: f64 },
    Poly { points: Vec<Point> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Loose {
    Number(u8),
    Text(String),
    Point(Point),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Tree {
    label: String,
    below: Vec<Tree>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Flat {
    depth: u8,
    width: Option<u8>,
}

/// Any value that the emitted schema allows.
fn valid(schema: &Value, defs: &Value, depth: usize) -> BoxedStrategy<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        return valid(&defs[name], defs, depth + 1);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let options = options.iter().map(|option| valid(option, defs, depth + 1));
        return proptest::strategy::Union::new(options).boxed();
    }
    if let Some(values) = schema["enum"].as_array() {
        return proptest::sample::select(values.clone()).boxed();
    }
    match schema["type"].as_str().expect("a type") {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integer(schema),
        "number" => number(schema),
        "string" => text(schema),
        "array" => array(schema, defs, depth),
        _ => object(schema, defs, depth),
    }
}

fn integer(schema: &Value) -> BoxedStrategy<Value> {
    let low = schema["minimum"].as_i64().unwrap_or(-1 << 60);
    let high = schema["maximum"].as_i64().unwrap_or(1 << 60);
    let exact = |number: i64| number.unsigned_abs() <= 1 << 53;
    let written = move |(number, float)| {
        if float && exact(number) {
            json!(number as f64)
        } else {
            json!(number)
        }
    };
    (
        prop_oneof![low..=high, Just(low), Just(high)],
        any::<bool>(),
    )
        .prop_map(written)
        .boxed()
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let low = schema["minimum"].as_f64().unwrap_or(-1e30);
    let high = schema["maximum"].as_f64().unwrap_or(1e30);
    let whole = (low.max(-1e9) as i64)..=(high.min(1e9) as i64);
    prop_oneof![
        (low..=high).prop_map(Value::from),
        whole.prop_map(Value::from)
    ]
    .boxed()
}

fn text(schema: &Value) -> BoxedStrategy<Value> {
    let pattern = match (
        schema["pattern"].as_str(),
        &schema["minLength"],
        &schema["maxLength"],
    ) {
        (Some(pattern), ..) => pattern.trim_matches(['^', '$']).to_owned(),
        (None, min, max) => format!(
            "(?s).{{{},{}}}",
            min.as_u64().unwrap_or(0),
            max.as_u64().unwrap_or(8)
        ),
    };
    let strategy = proptest::string::string_regex(&pattern).expect("a pattern");
    strategy.prop_map(Value::from).boxed()
}

fn array(schema: &Value, defs: &Value, depth: usize) -> BoxedStrategy<Value> {
    let min = schema["minItems"].as_u64().unwrap_or(0) as usize;
    let max = schema["maxItems"]
        .as_u64()
        .map_or(min + 2, |max| max as usize);
    if depth > 6 && min == 0 {
        return Just(json!([])).boxed();
    }
    vec(valid(&schema["items"], defs, depth + 1), min..=max)
        .prop_map(Value::from)
        .boxed()
}

fn object(schema: &Value, defs: &Value, depth: usize) -> BoxedStrategy<Value> {
    let required = schema["required"].as_array().expect("a list").clone();
    let fields = schema["properties"].as_object().expect("fields").clone();
    let fields = fields.into_iter().map(|(name, field)| {
        let value = valid(&field, defs, depth + 1);
        let value = match required.contains(&json!(name)) {
            true => value.prop_map(Some).boxed(),
            false => proptest::option::of(value).boxed(),
        };
        (Just(name), value)
    });
    let more = match &schema["additionalProperties"] {
        more @ Value::Object(_) => {
            proptest::collection::btree_map("[a-z]{1,3}", valid(more, defs, depth + 1), 0..3)
                .boxed()
        }
        _ => Just(BTreeMap::new()).boxed(),
    };
    (fields.collect::<Vec<_>>(), more)
        .prop_map(|(fields, more)| {
            let fields = fields
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)));
            Value::Object(fields.chain(more).collect::<Map<_, _>>())
        })
        .boxed()
}

fn arguments() -> BoxedStrategy<Value> {
    let schema = Value::Object(whole::<Everything>().json().clone());
    valid(&schema, &schema["$defs"], 0)
}

/// One mistake, and where it must be told.
fn mistake() -> BoxedStrategy<(&'static str, Option<Value>)> {
    let wrong = |path, values: &[Value]| {
        values
            .iter()
            .map(|value| (path, Some(value.clone())))
            .collect::<Vec<_>>()
    };
    let mistakes = [
        wrong("tiny", &[json!(128), json!("1"), json!(1.5), json!(null)]),
        wrong("wide", &[json!(-1), json!(1e300), json!([])]),
        wrong("ratio", &[json!(-2.6), json!(1e7), json!("0")]),
        wrong("single", &[json!(1e39), json!(true)]),
        wrong("name", &[json!(""), json!("123456"), json!(5)]),
        wrong("slug", &[json!("abcabc"), json!("d"), json!({})]),
        wrong("letter", &[json!("ab"), json!("")]),
        wrong("mode", &[json!("fast"), json!(0), json!(null)]),
        wrong(
            "points",
            &[
                json!([{ "x": 1 }, { "x": 1 }, { "x": 1 }, { "x": 1 }]),
                json!({}),
            ],
        ),
        wrong("triple", &[json!([1, 2]), json!([1, 2, 3, 4])]),
        wrong("scores", &[json!([]), json!(null)]),
        wrong("neverZero", &[json!(0), json!(40_000)]),
        wrong("depth", &[json!(256), json!(false)]),
        wrong("width", &[json!(-1)]),
        wrong("unheardOf", &[json!(1)]),
        vec![("tiny", None), ("shape", None), ("depth", None)],
    ];
    proptest::sample::select(mistakes.concat()).boxed()
}

fn paths(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(Problem::path).collect()
}

/// The one pass takes nothing that the tree refuses, and both read the same value.
fn agree(schema: &InputSchema, body: &[u8]) -> Result<(), TestCaseError> {
    let streamed = stream::<Everything>(&schema.tree, body).ok();
    if let Some(value) = streamed {
        let parsed: Value = serde_json::from_slice(body).expect("it was read");
        prop_assert_eq!(check(&schema.tree, &schema.tree.root, &parsed), []);
        prop_assert_eq!(schema.read::<Everything>(body), Ok(value));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_the_schema_allows_is_read(value in arguments()) {
        let schema = whole::<Everything>();
        let root = Value::Object(schema.json().clone());
        prop_assert!(jsonschema::draft202012::is_valid(&root, &value), "jsonschema refuses {}", value);
        let body = value.to_string();
        prop_assert!(stream::<Everything>(&schema.tree, body.as_bytes()).is_ok(), "one pass is not enough for {}", body);
        agree(&schema, body.as_bytes())?;
        prop_assert!(stream::<Value>(&schema.tree, body.as_bytes()).is_ok());
    }

    #[test]
    fn a_mistake_is_told_where_it_is(mut value in arguments(), (path, wrong) in mistake()) {
        let schema = whole::<Everything>();
        let map = value.as_object_mut().expect("an object");
        match wrong {
            Some(wrong) => { map.insert(path.to_owned(), wrong); }
            None => { map.remove(path); }
        }
        let problems = read::<Everything>(&schema, &value).expect_err("a mistake");
        prop_assert_eq!(paths(&problems), [path]);
        prop_assert!(stream::<Value>(&schema.tree, value.to_string().as_bytes()).is_err());
    }

    #[test]
    fn a_key_that_comes_twice_is_told(value in arguments()) {
        let schema = whole::<Everything>();
        let body = value.to_string().replacen('{', "{\"tiny\":1,", 1);
        let problems = schema.read::<Everything>(body.as_bytes()).expect_err("a key twice");
        prop_assert_eq!(paths(&problems), ["tiny"]);
    }

    #[test]
    fn what_is_written_fits_the_result_schema(value in arguments()) {
        let schema = whole::<Everything>();
        let result = read::<Everything>(&schema, &value).expect("valid arguments");
        let written = serde_json::to_value(&result).expect("it serializes");
        let schema = output::<Everything>();
        prop_assert_eq!(schema.check(&written), []);
        let root = Value::Object(schema.json().clone());
        prop_assert!(jsonschema::draft202012::is_valid(&root, &written));
    }

    #[test]
    fn broken_bodies_do_no_harm(value in arguments(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let schema = whole::<Everything>();
        let mut body = value.to_string().into_bytes();
        let at = at.index(body.len());
        body[at] = byte;
        agree(&schema, &body)?;
        if let Err(problems) = schema.read::<Everything>(&body) {
            prop_assert!(!problems.is_empty());
        }
        body.truncate(at);
        prop_assert!(schema.read::<Everything>(&body).is_err());
    }

    #[test]
    fn any_bytes_do_no_harm(body in vec(any::<u8>(), 0..64)) {
        let read = whole::<Flat>().read::<HashMap<String, Value>>(&body);
        prop_assert!(read.is_ok() || !read.expect_err("an error").is_empty());
    }
}
