//! Times a call, the endpoints in turn within every round, so that a machine whose speed drifts slows all alike.
//!
//! `cargo bench -p coral-tools --bench time`

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod endpoints;

use std::time::{Duration, Instant};

use endpoints::{Call, Endpoint, NAMES, SIZES};

const ROUNDS: usize = 300;
const CALLS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    println!(
        "{:<8} {:>14} {:>14} {:>14}   ns per call, median of {ROUNDS} rounds; coral-tools / by hand",
        "body", NAMES[0], NAMES[1], NAMES[2]
    );
    for size in SIZES {
        let rounds = runtime.block_on(measure(size));
        let times = [0, 1, 2].map(|i| median(rounds.iter().map(|round| round[i].as_nanos() as f64 / CALLS as f64)));
        let ratio = median(rounds.iter().map(|round| round[2].as_secs_f64() / round[1].as_secs_f64()));
        println!("{size:<8} {:>14.0} {:>14.0} {:>14.0}   {ratio:.3}", times[0], times[1], times[2]);
    }
}

async fn measure(size: usize) -> Vec<[Duration; 3]> {
    let call = Call::of_size(size);
    let mut endpoints = NAMES.map(Endpoint::named);
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let mut times = [Duration::ZERO; 3];
        // Each endpoint comes first, second and last equally often: a place in the round has its own speed.
        for place in 0..3 {
            let i = (round + place) % 3;
            times[i] = time(&mut endpoints[i], &call).await;
        }
        rounds.push(times);
    }
    rounds
}

/// Each request is made before the clock starts, and just then: a heap full of waiting requests is not what a server has.
async fn time(endpoint: &mut Endpoint, call: &Call) -> Duration {
    let mut spent = Duration::ZERO;
    for _ in 0..CALLS {
        let request = call.request();
        let start = Instant::now();
        endpoint.call(request).await;
        spent += start.elapsed();
    }
    spent
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
