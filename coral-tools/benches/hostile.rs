//! Bodies that take long to check: time and allocated bytes of one call, beside `serde_json::from_slice` into the same type.
//!
//! `cargo bench -p coral-tools --bench hostile`

#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![allow(dead_code, reason = "only serde reads the fields")]

use std::alloc::System;
use std::borrow::Cow;
use std::time::{Duration, Instant};

use coral_tools::{Call, Toolset, coral_tool, toolset};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The default limit of a body.
const SIZE: usize = 256 * 1024;

macro_rules! wide {
    ($($name:ident)*) => {
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        struct WideA { a: u8, $($name: Option<u8>),* }

        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        struct WideB { b: u8, $($name: Option<u8>),* }
    };
}

wide! {
    f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24 f25 f26 f27 f28 f29
    f30 f31 f32 f33 f34 f35 f36 f37 f38 f39 f40 f41 f42 f43 f44 f45 f46 f47 f48 f49 f50 f51 f52 f53 f54 f55 f56 f57 f58 f59
    f60 f61 f62 f63 f64 f65 f66 f67 f68 f69 f70 f71 f72 f73 f74 f75 f76 f77 f78 f79 f80 f81 f82 f83 f84 f85 f86 f87 f88 f89
}

/// Two structs of 91 fields.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Wide {
    A(Box<WideA>),
    B(Box<WideB>),
}

/// One of a thousand strings.
#[derive(Debug, Deserialize)]
struct Choice(String);

impl JsonSchema for Choice {
    fn schema_name() -> Cow<'static, str> {
        "Choice".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let values: Vec<_> = (0..1000).map(|index| format!("choice {index:03}")).collect();
        json_schema!({ "type": "string", "enum": values })
    }
}

/// Variants that share a recursive field.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Twin {
    Left { next: Box<Self>, left: bool },
    Right { next: Box<Self>, right: bool },
    End(bool),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Expr {
    Number(f64),
    List(Vec<Self>),
    Named { name: String, value: Box<Self> },
}

/// Reads lists of wide structs.
#[coral_tool]
fn wide(
    /// The items.
    items: Vec<Wide>,
) {
    drop(items);
}

/// Reads choices.
#[coral_tool]
fn choices(
    /// The items.
    items: Vec<Choice>,
) {
    drop(items);
}

/// Reads twins.
#[coral_tool]
fn twins(
    /// The items.
    items: Vec<Twin>,
) {
    drop(items);
}

/// Reads an expression.
#[coral_tool]
fn expression(
    /// The items.
    items: Vec<Expr>,
) {
    drop(items);
}

/// Reads a string with a counted repetition.
#[coral_tool]
fn repeated(
    /// The text.
    #[arg(pattern = "[a-z0-9-]{20,200}!")]
    items: String,
) {
    drop(items);
}

/// Reads a string with alternatives.
#[coral_tool]
fn alternatives(
    /// The text.
    #[arg(pattern = "(a|b|ab|ba){1,50}c")]
    items: String,
) {
    drop(items);
}

/// Reads distinct numbers.
#[coral_tool]
fn distinct(
    /// The items.
    #[arg(unique_items)]
    items: Vec<u32>,
) {
    drop(items);
}

#[derive(Debug, Deserialize)]
struct Items<T> {
    items: T,
}

fn main() {
    println!("bodies of {SIZE} bytes; median of 5 calls");
    println!("{:<34} {:>9} {:>9} {:>9} {:>9}   answer", "", "ms", "serde ms", "MB", "serde MB");
    measure::<Vec<Wide>>("wide, valid", "wide", &list(r#"{"b":1,"f00":2,"f89":3}"#));
    measure::<Vec<Wide>>("wide, unknown key", "wide", &list(r#"{"b":1,"unknown":2}"#));
    measure::<Vec<Wide>>("wide, empty objects", "wide", &list("{}"));
    measure::<Vec<Choice>>("enum of 1000, valid", "choices", &list(r#""choice 999""#));
    measure::<Vec<Choice>>("enum of 1000, numbers", "choices", &list("1"));
    measure::<Vec<Choice>>("enum of 1000, misspelled", "choices", &list(r#""choise 999""#));
    measure::<Vec<Twin>>("recursive untagged, 6 deep", "twins", &list(&twin(6, "true")));
    measure::<Vec<Twin>>("recursive untagged, 8 deep", "twins", &list(&twin(8, "true")));
    measure::<Vec<Twin>>("recursive untagged, wrong leaf", "twins", &list(&twin(6, "1")));
    measure::<Vec<Expr>>("lists 100 deep", "expression", &list(&format!("{}{}", "[".repeat(100), "]".repeat(100))));
    measure::<String>("pattern {20,200}", "repeated", &text('a'));
    measure::<String>("pattern of alternatives", "alternatives", &text('a'));
    measure::<Vec<u32>>("distinct numbers", "distinct", &numbers());
}

fn list(item: &str) -> String {
    let count = (SIZE - 20) / (item.len() + 1);
    format!("{{\"items\":[{}]}}", vec![item; count].join(","))
}

fn twin(depth: usize, leaf: &str) -> String {
    (0..depth).fold(leaf.to_owned(), |next, _| format!(r#"{{"next":{next},"right":true}}"#))
}

fn text(character: char) -> String {
    format!("{{\"items\":\"{}\"}}", character.to_string().repeat(SIZE - 20))
}

fn numbers() -> String {
    let numbers: Vec<_> = (100_000..100_000 + (SIZE as u32 - 20) / 7).map(|number| number.to_string()).collect();
    format!("{{\"items\":[{}]}}", numbers.join(","))
}

fn measure<T: DeserializeOwned>(case: &str, tool: &str, body: &str) {
    let tools: Toolset = toolset![wide, choices, twins, expression, repeated, alternatives, distinct];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    let mut answer = Vec::new();
    let mut allocated = 0;
    let call = median(|| {
        let region = Region::new(ALLOCATOR);
        let outcome = runtime.block_on(tools.dispatch(Call::new(tool, body.as_bytes()), &()));
        allocated = region.change().bytes_allocated;
        answer = outcome.into_json();
    });
    let mut by_serde = 0;
    let serde = median(|| {
        let region = Region::new(ALLOCATOR);
        drop(serde_json::from_slice::<Items<T>>(body.as_bytes()));
        by_serde = region.change().bytes_allocated;
    });
    let answer = String::from_utf8_lossy(&answer);
    let answer: String = answer.chars().take(60).collect();
    println!(
        "{case:<34} {:>9.1} {:>9.1} {:>9.1} {:>9.1}   {answer}",
        milliseconds(call),
        milliseconds(serde),
        allocated as f64 / 1e6,
        by_serde as f64 / 1e6
    );
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[2]
}
