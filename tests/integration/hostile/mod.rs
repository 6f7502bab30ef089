//! A million requests, random or damaged: no panic, no 5xx, an object for every agent, and no value repeated to one.
//!
//! `HOSTILE_SEED` and `HOSTILE_REQUESTS` choose others and fewer or more.

mod arguments;
mod judge;
mod mutate;
mod request;

use std::str::FromStr;
use std::thread;

use axum::Router;
use fastrand::Rng;
use serde_json::Value;

use self::judge::{Answer, app, called, judge, tools};
use self::request::{Target, request};

const SEED: u64 = 0xC0A1;

/// How often a run of requests was answered in which way.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    values: u64,
    failures: u64,
    refusals: u64,
}

fn setting<T: FromStr>(name: &str, otherwise: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn no_request_does_harm() {
    let (seed, requests) = (setting("HOSTILE_SEED", SEED), setting("HOSTILE_REQUESTS", 1_000_000));
    let tally = in_parallel(seed, requests);
    assert_eq!(tally.values + tally.failures + tally.refusals, requests);
    // Else the run would prove little.
    assert!(
        tally.values * 10 > requests && tally.failures * 10 > requests && tally.refusals * 50 > requests,
        "{tally:?}"
    );
}

/// Else its consent would say nothing.
#[test]
fn the_judge_finds_fault() {
    let body = br#"{"value": "hunter2", "other": 8675309}"#;
    for told in [
        "",
        "[]",
        "null",
        r#"{"success": false}"#,
        r#"{"success": false, "error": ""}"#,
        r#"{"success": false, "error": "the tool failed"}"#,
        r#"{"success": false, "error": "`value`: found hunter2"}"#,
        r#"{"success": false, "error": "2 rules", "details": [{"path": "other", "found": "8675309.5"}]}"#,
    ] {
        assert!(called(told.as_bytes(), body).is_err(), "{told}");
    }
    let told = br#"{"success": false, "error": "unknown argument `hunter2`"}"#;
    assert_eq!(called(told, br#"{"hunter2" : 1}"#), Ok(Answer::Failure), "names may be repeated");
    assert_eq!(called(br#"{"result": "hunter2"}"#, body), Ok(Answer::Value), "and so may values, by the tool");
}

/// Half of the requests on each of two threads.
fn in_parallel(seed: u64, requests: u64) -> Tally {
    let (app, targets) = (app(), targets());
    let (even, odd) = thread::scope(|scope| {
        let odd = scope.spawn(|| run(&app, &targets, seed, (1..requests).step_by(2)));
        (run(&app, &targets, seed, (0..requests).step_by(2)), odd.join().expect("the other half of the requests"))
    });
    Tally {
        values: even.values + odd.values,
        failures: even.failures + odd.failures,
        refusals: even.refusals + odd.refusals,
    }
}

fn targets() -> Vec<Target> {
    let tools = tools();
    tools.check().expect("tools that can be told");
    tools.descriptors().map(|tool| (tool.name().to_owned(), Value::Object(tool.input_schema().clone()))).collect()
}

fn run(app: &Router, targets: &[Target], seed: u64, numbers: impl Iterator<Item = u64>) -> Tally {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut tally = Tally::default();
    for number in numbers {
        let request = request(targets, &mut Rng::with_seed(seed.wrapping_add(number)));
        let sent = request.clone();
        match runtime.block_on(judge(app, request)) {
            Ok(Answer::Value) => tally.values += 1,
            Ok(Answer::Failure) => tally.failures += 1,
            Ok(Answer::Refusal) => tally.refusals += 1,
            Err(wrong) => panic!("{wrong}\nHOSTILE_SEED={seed}, request {number}: {sent:?}"),
        }
    }
    tally
}
