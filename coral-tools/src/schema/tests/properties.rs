//! Properties: the schema and the deserializer agree, for any value and any body.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::generate::valid;
use super::{of_struct, output, read};
use crate::schema::read::check::check;
use crate::schema::read::{read_parsed, read_streaming};
use crate::schema::{InputSchema, OutputSchema, Problem};

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
    tree: TreeNode,
    #[serde(default)]
    any: Value,
    never_zero: std::num::NonZeroI16,
    #[schemars(email)]
    email: String,
    id: Option<uuid::Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    days: Vec<chrono::NaiveDate>,
    at: Option<chrono::DateTime<chrono::Utc>>,
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
struct TreeNode {
    label: String,
    below: Vec<TreeNode>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Flat {
    depth: u8,
    width: Option<u8>,
}

static INPUT: LazyLock<InputSchema> = LazyLock::new(|| of_struct::<Everything>().adjusted::<Everything>());
static OUTPUT: LazyLock<OutputSchema> = LazyLock::new(output::<Everything>);
static INPUT_JUDGE: LazyLock<Validator> = LazyLock::new(|| judge(INPUT.json()));
static OUTPUT_JUDGE: LazyLock<Validator> = LazyLock::new(|| judge(OUTPUT.json()));

fn judge(schema: &Map<String, Value>) -> Validator {
    jsonschema::draft202012::new(&Value::Object(schema.clone())).expect("the schema compiles")
}

fn arguments() -> BoxedStrategy<Value> {
    let schema = Value::Object(INPUT.json().clone());
    valid(&schema, &schema["$defs"], 0)
}

/// One mistake, and the location of its problem.
fn mistake() -> BoxedStrategy<(&'static str, Option<Value>)> {
    let wrong = |path, values: &[Value]| values.iter().map(|value| (path, Some(value.clone()))).collect::<Vec<_>>();
    let mistakes = [
        wrong("tiny", &[json!(128), json!("1"), json!(1.5), json!(null)]),
        wrong("wide", &[json!(-1), json!(1e300), json!([])]),
        wrong("ratio", &[json!(-2.6), json!(1e7), json!("0")]),
        wrong("single", &[json!(1e39), json!(true)]),
        wrong("name", &[json!(""), json!("123456"), json!(5)]),
        wrong("slug", &[json!("abcabc"), json!("d"), json!({})]),
        wrong("letter", &[json!("ab"), json!("")]),
        wrong("mode", &[json!("fast"), json!(0), json!(null)]),
        wrong("points", &[json!([{ "x": 1 }, { "x": 1 }, { "x": 1 }, { "x": 1 }]), json!({})]),
        wrong("triple", &[json!([1, 2]), json!([1, 2, 3, 4])]),
        wrong("scores", &[json!([]), json!(null)]),
        wrong("neverZero", &[json!(0), json!(40_000)]),
        wrong("email", &[json!("ada"), json!("ada@"), json!(1)]),
        wrong("id", &[json!("1"), json!("{}"), json!(7)]),
        wrong("at", &[json!("2026-02-30T00:00:00Z"), json!("2026-01-31")]),
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

/// Checks that the first pass accepts only what the tree allows, and that both passes return the same value.
fn agree(schema: &InputSchema, body: &[u8]) -> Result<(), TestCaseError> {
    let streamed = read_streaming::<Everything>(&schema.tree, body).ok();
    if let Some(value) = streamed {
        let parsed: Value = serde_json::from_slice(body).expect("it was read");
        prop_assert_eq!(check(&schema.tree, &schema.tree.root, &parsed), []);
        prop_assert_eq!(schema.read::<Everything>(body), Ok(value));
    }
    Ok(())
}

/// Whether a value that was written back has every key and value of the one that was read, except for `null`, which stands
/// for an absent value. A number may have been rounded to an `f32`.
fn keeps(written: &Value, read: &Value) -> bool {
    match (written, read) {
        (_, Value::Null) => true,
        (Value::Object(written), Value::Object(read)) => {
            read.iter().all(|(key, value)| value.is_null() || written.get(key).is_some_and(|own| keeps(own, value)))
        }
        (Value::Array(written), Value::Array(read)) => {
            written.len() == read.len() && written.iter().zip(read).all(|(own, value)| keeps(own, value))
        }
        (Value::Number(written), Value::Number(read)) => {
            let (written, read) = (written.as_f64().expect("a number"), read.as_f64().expect("a number"));
            written == read || written as f32 == read as f32
        }
        _ => written == read,
    }
}

/// Writes a value with an escape for each character of its keys and strings.
fn escaped(value: &Value) -> String {
    let string =
        |text: &str| format!("\"{}\"", text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>());
    match value {
        Value::String(text) => string(text),
        Value::Array(items) => format!("[{}]", items.iter().map(escaped).collect::<Vec<_>>().join(",")),
        Value::Object(map) => {
            let members = map.iter().map(|(key, value)| format!("{}:{}", string(key), escaped(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

proptest! {
    #[test]
    fn allowed_values_deserialize(value in arguments()) {
        let schema = &*INPUT;
        prop_assert!(INPUT_JUDGE.is_valid(&value), "jsonschema refuses {}", value);
        let body = value.to_string();
        prop_assert!(read_streaming::<Everything>(&schema.tree, body.as_bytes()).is_ok(), "one pass is not enough for {}", body);
        agree(schema, body.as_bytes())?;
        prop_assert!(read_streaming::<Value>(&schema.tree, body.as_bytes()).is_ok());
    }

    #[test]
    fn escaped_keys_and_strings_are_read_alike(value in arguments()) {
        let (tree, plain, escaped) = (&INPUT.tree, value.to_string(), escaped(&value));
        let expected = INPUT.read::<Everything>(plain.as_bytes()).expect("valid arguments");
        let streamed = read_streaming::<Everything>(tree, escaped.as_bytes()).ok();
        prop_assert_eq!(streamed.as_ref(), Some(&expected));
        prop_assert_eq!(read_parsed::<Everything>(tree, escaped.as_bytes()), Ok(expected));
    }

    #[test]
    fn a_problem_has_the_location_of_the_mistake(mut value in arguments(), (path, wrong) in mistake()) {
        let schema = &*INPUT;
        let map = value.as_object_mut().expect("an object");
        match wrong {
            Some(wrong) => { map.insert(path.to_owned(), wrong); }
            None => { map.remove(path); }
        }
        let problems = read::<Everything>(schema, &value).expect_err("a mistake");
        prop_assert_eq!(paths(&problems), [path]);
        prop_assert!(read_streaming::<Everything>(&schema.tree, value.to_string().as_bytes()).is_err());
    }

    #[test]
    fn a_duplicate_key_is_reported(value in arguments()) {
        let schema = &*INPUT;
        let body = value.to_string().replacen('{', "{\"tiny\":1,", 1);
        let problems = schema.read::<Everything>(body.as_bytes()).expect_err("a key twice");
        prop_assert_eq!(paths(&problems), ["tiny"]);
    }

    #[test]
    fn serialized_values_match_the_result_schema(value in arguments()) {
        let schema = &*INPUT;
        let result = read::<Everything>(schema, &value).expect("valid arguments");
        let written = serde_json::to_value(&result).expect("it serializes");
        prop_assert_eq!(OUTPUT.check(&written), []);
        prop_assert!(OUTPUT_JUDGE.is_valid(&written));
    }

    #[test]
    fn accepted_values_are_kept(mut value in arguments()) {
        let result = read::<Everything>(&INPUT, &value).expect("valid arguments");
        let written = serde_json::to_value(&result).expect("it serializes");
        // `Uuid` and `DateTime` write another form than they read, and `days` is skipped if it is empty.
        value.as_object_mut().expect("an object").retain(|key, _| !["id", "at", "days"].contains(&key.as_str()));
        prop_assert!(keeps(&written, &value), "{value} becomes {written}");
    }

    #[test]
    fn corrupted_bodies_never_panic(value in arguments(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let schema = &*INPUT;
        let mut body = value.to_string().into_bytes();
        let at = at.index(body.len());
        body[at] = byte;
        agree(schema, &body)?;
        if let Err(problems) = schema.read::<Everything>(&body) {
            prop_assert!(!problems.is_empty());
        }
        body.truncate(at);
        prop_assert!(schema.read::<Everything>(&body).is_err());
    }

    #[test]
    fn arbitrary_bytes_never_panic(body in vec(any::<u8>(), 0..64)) {
        let read = of_struct::<Flat>().read::<HashMap<String, Value>>(&body);
        prop_assert!(read.is_ok() || !read.expect_err("an error").is_empty());
    }
}
