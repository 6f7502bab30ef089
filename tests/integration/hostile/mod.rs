//! A million random and mutated requests: no panic, no 5xx status, a JSON object for every agent, and no value of an argument in
//! an error.
//!
//! The environment variables `HOSTILE_SEED` and `HOSTILE_REQUESTS` set the seed and the number of requests.

mod mutate;
mod oracle;
mod request;
mod values;

use std::str::FromStr;
use std::thread;

use axum::Router;
use fastrand::Rng;
use serde_json::Value;

use self::oracle::{ResponseClass, app, check_call_response, check_response, tools};
use self::request::{Target, request};

const SEED: u64 = 0xC0A1;

/// Numbers of responses by class.
#[derive(Debug, Clone, Copy, Default)]
struct ResponseCounts {
    values: u64,
    failures: u64,
    rejections: u64,
}

fn env_or<T: FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn random_requests_get_valid_responses() {
    let (seed, requests) = (env_or("HOSTILE_SEED", SEED), env_or("HOSTILE_REQUESTS", 1_000_000));
    let counts = in_parallel(seed, requests);
    assert_eq!(counts.values + counts.failures + counts.rejections, requests);
    // Each class must be frequent, or the run proves little.
    assert!(
        counts.values * 10 > requests && counts.failures * 10 > requests && counts.rejections * 50 > requests,
        "{counts:?}"
    );
}

/// Otherwise acceptance by the oracle would prove nothing.
#[test]
fn the_oracle_rejects_invalid_responses() {
    let body = br#"{"value": "hunter2", "other": 8675309}"#;
    for response in [
        "",
        "[]",
        "null",
        r#"{"success": false}"#,
        r#"{"success": false, "error": ""}"#,
        r#"{"success": false, "error": "the tool failed"}"#,
        r#"{"success": false, "error": "`value`: found hunter2"}"#,
        r#"{"success": false, "error": "2 rules", "details": [{"path": "other", "found": "8675309.5"}]}"#,
    ] {
        assert!(check_call_response(response.as_bytes(), body).is_err(), "{response}");
    }
    let response = br#"{"success": false, "error": "unknown argument `hunter2`"}"#;
    assert_eq!(
        check_call_response(response, br#"{"hunter2" : 1}"#),
        Ok(ResponseClass::Failure),
        "names may be repeated"
    );
    assert_eq!(
        check_call_response(br#"{"result": "hunter2"}"#, body),
        Ok(ResponseClass::Value),
        "a tool may repeat values"
    );
}

/// Sends half of the requests on each of two threads.
fn in_parallel(seed: u64, requests: u64) -> ResponseCounts {
    let (app, targets) = (app(), targets());
    let (even, odd) = thread::scope(|scope| {
        let odd = scope.spawn(|| run(&app, &targets, seed, (1..requests).step_by(2)));
        (run(&app, &targets, seed, (0..requests).step_by(2)), odd.join().expect("no panic"))
    });
    ResponseCounts {
        values: even.values + odd.values,
        failures: even.failures + odd.failures,
        rejections: even.rejections + odd.rejections,
    }
}

fn targets() -> Vec<Target> {
    let tools = tools();
    tools.check().expect("valid tools");
    tools.descriptors().map(|tool| (tool.name().to_owned(), Value::Object(tool.input_schema().clone()))).collect()
}

fn run(app: &Router, targets: &[Target], seed: u64, numbers: impl Iterator<Item = u64>) -> ResponseCounts {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut counts = ResponseCounts::default();
    for number in numbers {
        let request = request(targets, &mut Rng::with_seed(seed.wrapping_add(number)));
        let sent = request.clone();
        match runtime.block_on(check_response(app, request)) {
            Ok(ResponseClass::Value) => counts.values += 1,
            Ok(ResponseClass::Failure) => counts.failures += 1,
            Ok(ResponseClass::Rejection) => counts.rejections += 1,
            Err(problem) => panic!("{problem}\nHOSTILE_SEED={seed}, request {number}: {sent:?}"),
        }
    }
    counts
}
