//! Times a call, the endpoints in turn within every round, so that a machine whose speed drifts slows all alike.
//!
//! `cargo bench -p coral-tools --bench time`

mod endpoints;

use std::time::{Duration, Instant};

use endpoints::{Call, Endpoint, NAMES, SIZES};

const ROUNDS: usize = 300;
const CALLS: usize = 50;

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
    for _ in 0..ROUNDS {
        let mut round = [Duration::ZERO; 3];
        for (time, endpoint) in round.iter_mut().zip(&mut endpoints) {
            let requests: Vec<_> = (0..CALLS).map(|_| call.request()).collect();
            let start = Instant::now();
            for request in requests {
                endpoint.call(request).await;
            }
            *time = start.elapsed();
        }
        rounds.push(round);
    }
    rounds
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
