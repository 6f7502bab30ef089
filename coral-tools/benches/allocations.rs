//! Counts allocations per call.
//!
//! `cargo bench -p coral-tools --bench allocations`

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod endpoints;

use std::alloc::System;

use endpoints::{Call, Endpoint, NAMES, SIZES};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    println!("{:<8} {:>14} {:>14} {:>14}   allocations per call", "body", NAMES[0], NAMES[1], NAMES[2]);
    for size in SIZES {
        let counts = NAMES.map(|name| runtime.block_on(count(name, size)));
        println!("{size:<8} {:>14} {:>14} {:>14}", counts[0], counts[1], counts[2]);
    }
}

/// The requests are made before the count begins.
async fn count(name: &str, size: usize) -> usize {
    let call = Call::of_size(size);
    let mut endpoint = Endpoint::named(name);
    endpoint.call(call.request()).await;
    let requests: Vec<_> = (0..CALLS).map(|_| call.request()).collect();
    let region = Region::new(ALLOCATOR);
    for request in requests {
        endpoint.call(request).await;
    }
    let change = region.change();
    (change.allocations + change.reallocations) / CALLS
}
