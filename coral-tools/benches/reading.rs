//! Reads arguments of one type a number of times, for `scripts/instructions` to count under callgrind.
//!
//! Arguments: the case, the way (`serde`: `serde_json::from_slice`; `dispatch`: `Toolset::dispatch`; `middleware`: the same with
//! one middleware that does nothing; `jsonschema`: a compiled validator and `serde_json::from_value`; `one invalid` and
//! `all invalid`: `Toolset::dispatch` of a call that is rejected because of its last item, or of every item; `nothing`), the number
//! of calls.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![allow(dead_code, reason = "only serde reads the fields")]

use std::collections::BTreeMap;
use std::hint::black_box;

use coral_tools::middleware::Next;
use coral_tools::{Call, Context, Outcome, Toolset, coral_tool, toolset};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Row {
    id: u64,
    name: String,
    amount: f64,
    #[serde(default)]
    count: u32,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    address: Address,
    tags: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    Open,
    InProgress,
    Closed,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
struct Address {
    city: String,
    floor: Option<i32>,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Step {
    Move { x: f64, y: f64 },
    Say { text: String, loud: bool },
    Wait { seconds: u32 },
}

/// Reads rows.
#[coral_tool]
async fn rows(
    /// The rows.
    items: Vec<Row>,
) -> usize {
    items.len()
}

/// Reads steps.
#[coral_tool]
async fn steps(
    /// The steps.
    items: Vec<Step>,
) -> usize {
    items.len()
}

/// Reads fractions.
#[coral_tool]
async fn fractions(
    /// The numbers.
    items: Vec<f64>,
) -> usize {
    items.len()
}

/// Reads integers.
#[coral_tool]
async fn integers(
    /// The numbers.
    items: Vec<i64>,
) -> usize {
    items.len()
}

/// Reads counts.
#[coral_tool]
async fn counts(
    /// The counts by name.
    items: BTreeMap<String, u32>,
) -> usize {
    items.len()
}

/// Reads a report.
#[coral_tool]
async fn report(
    /// The title.
    title: String,
    /// The content.
    content: String,
) -> usize {
    title.len() + content.len()
}

/// Variants that share a list, so that it is compared with both.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
enum Shape {
    Circle { points: Vec<f64>, radius: f64 },
    Rectangle { points: Vec<f64>, width: f64, height: f64 },
}

/// Reads shapes.
#[coral_tool]
async fn shapes(
    /// The shapes.
    items: Vec<Shape>,
) -> usize {
    items.len()
}

/// The arguments of the tools with `items`, as a struct written by hand.
#[derive(Debug, Deserialize, Serialize)]
struct Items<T> {
    items: T,
}

#[derive(Debug, Deserialize, Serialize)]
struct Report {
    title: String,
    content: String,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [case, way, calls] = &arguments[..] else {
        println!("run `scripts/instructions`, which counts the instructions of this program");
        return;
    };
    let body = match way.as_str() {
        "one invalid" => invalid_body(case, 1),
        "all invalid" => invalid_body(case, usize::MAX),
        _ => body_of(case),
    };
    let body = body.into_bytes();
    let calls = calls.parse().expect("calls");
    match case.as_str() {
        "rows" => run::<Items<Vec<Row>>>(case, way, &body, calls),
        "steps" | "steps, tag last" => run::<Items<Vec<Step>>>(case, way, &body, calls),
        "fractions" => run::<Items<Vec<f64>>>(case, way, &body, calls),
        "integers" => run::<Items<Vec<i64>>>(case, way, &body, calls),
        "counts" => run::<Items<BTreeMap<String, u32>>>(case, way, &body, calls),
        "shapes" | "shapes, long" => run::<Items<Vec<Shape>>>(case, way, &body, calls),
        _ => run::<Report>(case, way, &body, calls),
    }
}

/// A middleware that does nothing.
async fn pass(_context: &Context<'_, ()>, next: Next<'_, ()>) -> Outcome {
    next.run().await
}

/// Calls `way` with the body.
fn run<T: DeserializeOwned>(case: &str, way: &str, body: &[u8], calls: usize) {
    let tools: Toolset = toolset![rows, steps, fractions, integers, counts, report, shapes];
    let with_middleware = tools.clone().with(pass);
    let tool = case.split(',').next().unwrap_or(case);
    let descriptor = tools.descriptors().find(|descriptor| descriptor.name() == tool).expect("a tool");
    let schema = Value::Object(descriptor.input_schema().clone());
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    runtime.block_on(async {
        for _ in 0..calls {
            let body = black_box(body);
            match way {
                "serde" => drop(serde_json::from_slice::<T>(body).expect("valid arguments")),
                "dispatch" | "one invalid" | "all invalid" => {
                    let outcome = tools.dispatch(Call::new(tool, body), &()).await;
                    assert_eq!(outcome.is_success(), way == "dispatch");
                    black_box(outcome.into_json());
                }
                "middleware" => {
                    let outcome = with_middleware.dispatch(Call::new(tool, body), &()).await;
                    assert!(outcome.is_success());
                    black_box(outcome.into_json());
                }
                "jsonschema" => {
                    let value: Value = serde_json::from_slice(body).expect("JSON");
                    assert!(validator.is_valid(&value));
                    drop(serde_json::from_value::<T>(value).expect("valid arguments"));
                }
                _ => {}
            }
        }
    });
}

/// Returns the body of a case, formatted as Coral formats it.
fn body_of(case: &str) -> String {
    match case {
        "rows" => items((0..50).map(row)),
        "steps" => items((0..100).map(step)),
        "steps, tag last" => items_of(&vec![TAG_LAST; 100].join(",\n        ")),
        "fractions" => items((0..500).map(|index| f64::from(index) * 0.37 - 40.0)),
        "integers" => items((0..500).map(|index| (index - 250) * 9_973)),
        "counts" => {
            pretty(&Items { items: (0..200).map(|index| (format!("name{index}"), index)).collect::<BTreeMap<_, _>>() })
        }
        "shapes" => items([rectangle(500)].into_iter()),
        "shapes, long" => items([rectangle(2000)].into_iter()),
        _ => pretty(&Report { title: "Q4".to_owned(), content: "Revenue grew by 12 %. ".repeat(140) }),
    }
}

/// Returns the body of a case in which the last `count` items are invalid, or arguments if there are no items.
fn invalid_body(case: &str, count: usize) -> String {
    let mut body: Map<String, Value> = serde_json::from_str(&body_of(case)).expect("an object");
    match body.get_mut("items") {
        Some(Value::Array(items)) => items.iter_mut().rev().take(count).for_each(invalidate),
        Some(Value::Object(entries)) => entries.values_mut().rev().take(count).for_each(invalidate),
        _ => body.values_mut().take(count).for_each(invalidate),
    }
    pretty(&body)
}

/// Misspells the first key of an object that is not a tag, or changes the type of another value.
fn invalidate(value: &mut Value) {
    *value = match std::mem::take(value) {
        Value::Object(members) => {
            let field = members.keys().position(|key| key != "kind");
            let misspelled = members.into_iter().enumerate().map(|(index, (key, value))| {
                let key = if Some(index) == field { format!("{key}s") } else { key };
                (key, value)
            });
            Value::Object(misspelled.collect())
        }
        Value::String(text) => [text].into_iter().collect(),
        _ => "x".into(),
    };
}

fn pretty<T: Serialize>(value: &T) -> String {
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, formatter)).expect("it serializes");
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn items<T: Serialize>(items: impl Iterator<Item = T>) -> String {
    pretty(&Items { items: items.collect::<Vec<_>>() })
}

fn items_of(items: &str) -> String {
    format!("{{\n    \"items\": [\n        {items}\n    ]\n}}")
}

const TAG_LAST: &str = r#"{
            "text": "mind the gap",
            "loud": true,
            "kind": "say"
        }"#;

fn row(index: u32) -> Row {
    Row {
        id: u64::from(index) * 1_000_003,
        name: format!("row {index}"),
        amount: f64::from(index) * 1.25,
        count: index,
        state: [State::Open, State::InProgress, State::Closed][index as usize % 3],
        note: index.is_multiple_of(3).then(|| "checked by hand".to_owned()),
        address: Address { city: "Lisbon".to_owned(), floor: Some(index as i32 % 5) },
        tags: ["a", "bb", "ccc"].map(str::to_owned).to_vec(),
    }
}

fn rectangle(points: u32) -> Shape {
    Shape::Rectangle { points: (0..points).map(|index| f64::from(index) * 0.5).collect(), width: 2.5, height: 1.5 }
}

fn step(index: u32) -> Step {
    match index % 3 {
        0 => Step::Move { x: f64::from(index) * 0.5, y: 1.5 },
        1 => Step::Say { text: "mind the gap".to_owned(), loud: true },
        _ => Step::Wait { seconds: index },
    }
}
