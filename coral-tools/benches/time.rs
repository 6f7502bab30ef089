//! Times a call. The endpoints take turns within each round, so that a change in the machine's speed affects all of them.
//!
//! `cargo bench -p coral-tools --bench time`

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod endpoints;

use std::time::{Duration, Instant};

use endpoints::{Call, Endpoint, NAMES, SIZES, row};

const ROUNDS: usize = 300;
const CALLS: usize = 100;

type Durations = [Duration; NAMES.len()];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    println!("{}   ns per call, median of {ROUNDS} rounds", row("body", &NAMES));
    for size in SIZES {
        let rounds = runtime.block_on(measure(size));
        let median_of = |value: &dyn Fn(&Durations) -> f64| median(rounds.iter().map(value));
        let times: [_; NAMES.len()] =
            std::array::from_fn(|i| median_of(&|round| round[i].as_nanos() as f64 / CALLS as f64));
        let ratios: [_; NAMES.len()] = std::array::from_fn(|i| median_of(&|round| round[i].div_duration_f64(round[1])));
        println!("{}", row(size, &times.map(|time| format!("{time:.0}"))));
        println!("{}   relative to {}", row("", &ratios.map(|ratio| format!("{ratio:.3}"))), NAMES[1]);
    }
}

async fn measure(size: usize) -> Vec<Durations> {
    let call = Call::with_body_of(size);
    let mut endpoints = NAMES.map(Endpoint::named);
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let mut times = Durations::default();
        // The order within a round affects the speed: each endpoint has each position equally often.
        for position in 0..NAMES.len() {
            let i = (round + position) % NAMES.len();
            times[i] = time(&mut endpoints[i], &call).await;
        }
        rounds.push(times);
    }
    rounds
}

/// Creates each request just before its clock starts: a server does not keep a heap full of waiting requests.
async fn time(endpoint: &mut Endpoint, call: &Call) -> Duration {
    let path = endpoint.path();
    let mut spent = Duration::ZERO;
    for _ in 0..CALLS {
        let request = call.request(&path);
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
